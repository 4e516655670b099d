package io.sluice.jobs;

import io.sluice.flink.Packet;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * The timestamps of a Kafka topic as virtual time: nanoseconds since its start, of which the topic
 * knows the milliseconds. A partition is expected to be in the order of its timestamps; a record
 * that is not arrives when the one before it did. The watermark follows every record at once, so
 * that what is simulated does not wait for the machine's time.
 */
final class VirtualTime {
  private static final long NS_PER_MS = 1_000_000;

  private VirtualTime() {}

  /**
   * @param startMillis when virtual time begins, since the epoch; earlier records arrive then
   */
  static WatermarkStrategy<Packet> of(long startMillis) {
    return WatermarkStrategy.<Packet>forGenerator(context -> new AfterEveryRecord())
        .withTimestampAssigner(
            (packet, millis) -> Math.multiplyExact(Math.max(0, millis - startMillis), NS_PER_MS));
  }

  private static final class AfterEveryRecord implements WatermarkGenerator<Packet> {
    private long latestNs = Long.MIN_VALUE;

    @Override
    public void onEvent(Packet packet, long timestampNs, WatermarkOutput output) {
      if (timestampNs > latestNs) {
        latestNs = timestampNs;
        output.emitWatermark(new Watermark(timestampNs - 1));
      }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      // every record has brought its own
    }
  }
}
