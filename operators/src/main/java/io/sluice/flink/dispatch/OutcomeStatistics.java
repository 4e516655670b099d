package io.sluice.flink.dispatch;

import io.sluice.dispatch.Outcome;
import org.apache.flink.api.common.accumulators.ListAccumulator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Counts outcomes into an accumulator of the job and emits nothing. */
final class OutcomeStatistics extends AbstractStreamOperator<Outcome>
    implements OneInputStreamOperator<Outcome, Outcome>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  static final String COUNTS = "dispatch.counts";

  private final MeasuredWindows measured;
  private transient OutcomeCounts counts;
  private transient ListAccumulator<OutcomeCounts.Snapshot> saved;

  OutcomeStatistics(MeasuredWindows measured) {
    this.measured = measured;
  }

  @Override
  public void open() throws Exception {
    super.open();
    counts = new OutcomeCounts(measured);
    saved = new ListAccumulator<>();
    getRuntimeContext().addAccumulator(COUNTS, saved);
  }

  @Override
  public void processElement(StreamRecord<Outcome> record) {
    counts.add(record.getValue());
  }

  @Override
  public void endInput() {
    saved.add(counts.snapshot());
  }
}
