package io.sluice.jobs.quantize;

import io.sluice.quantize.Calibration;
import io.sluice.quantize.Observation;
import io.sluice.quantize.Observations;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The single reducer of a round: merges all observations and at the end decides, writes the
 * decisions.
 */
final class DecideRound extends AbstractStreamOperator<String>
    implements OneInputStreamOperator<byte[], String>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  private final NetworkSpec network;
  private final String before;
  private final String after;
  private transient Observation all;

  /**
   * @param network what is calibrated
   * @param before where the last round left its decisions; null before the first round
   * @param after where to write
   */
  DecideRound(NetworkSpec network, String before, String after) {
    this.network = network;
    this.before = before;
    this.after = after;
  }

  @Override
  public void processElement(StreamRecord<byte[]> observation) {
    Observation one = Observations.fromBytes(observation.getValue());
    all = all == null ? one : all.with(one);
  }

  @Override
  public void endInput() {
    Calibration next = network.resume(before).decide(all == null ? Observations.none() : all);
    Files.write(after, next.toBytes());
    output.collect(new StreamRecord<>(after));
  }
}
