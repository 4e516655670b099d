package io.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.Packet;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.RelativeClock;
import org.apache.flink.util.clock.SystemClock;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
  private final WatermarkStrategy<Packet> time = VirtualTime.of(1000);
  private final Packet packet = Packet.ofRecord("in", 0, 0, new byte[0]);

  @Test
  void aTimestampIsNanosecondsSinceTheStartAndWhatIsEarlierArrivesThen() {
    TimestampAssigner<Packet> assigner =
        time.createTimestampAssigner(UnregisteredMetricsGroup::new);

    assertThat(assigner.extractTimestamp(packet, 1007)).isEqualTo(7_000_000);
    assertThat(assigner.extractTimestamp(packet, 1000)).isZero();
    assertThat(assigner.extractTimestamp(packet, 3)).isZero();
  }

  @Test
  void theWatermarkFollowsEachLaterRecordAndNeverGoesBack() {
    WatermarkGenerator<Packet> generator = time.createWatermarkGenerator(new Context());
    Marks marks = new Marks();

    generator.onEvent(packet, 5, marks);
    generator.onEvent(packet, 5, marks);
    generator.onEvent(packet, 3, marks);
    generator.onPeriodicEmit(marks);
    generator.onEvent(packet, 9, marks);

    assertThat(marks.seen).containsExactly(4L, 8L);
  }

  private static final class Context
      implements org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier.Context {
    @Override
    public UnregisteredMetricsGroup getMetricGroup() {
      return new UnregisteredMetricsGroup();
    }

    @Override
    public RelativeClock getInputActivityClock() {
      return SystemClock.getInstance();
    }
  }

  private static final class Marks implements WatermarkOutput {
    final List<Long> seen = new ArrayList<>();

    @Override
    public void emitWatermark(Watermark watermark) {
      seen.add(watermark.getTimestamp());
    }

    @Override
    public void markIdle() {
      throw new AssertionError("idle");
    }

    @Override
    public void markActive() {
      throw new AssertionError("active");
    }
  }
}
