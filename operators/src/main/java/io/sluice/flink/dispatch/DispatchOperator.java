package io.sluice.flink.dispatch;

import io.sluice.dispatch.Arrival;
import io.sluice.dispatch.DispatchPlan;
import io.sluice.dispatch.Dispatcher;
import io.sluice.dispatch.Outcome;
import io.sluice.dispatch.Usage;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.accumulators.ListAccumulator;
import org.apache.flink.api.common.accumulators.LongMaximum;
import org.apache.flink.api.common.accumulators.LongMinimum;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Runs the dispatchers of a plan in virtual time; a subtask has those whose number it is modulo the
 * parallelism, so what a dispatcher does depends neither on the parallelism nor on the others.
 *
 * <p>Arrivals come in the order of their times. With clients, an arrival is the first request of
 * one; Flink has no cycles, so the next ones are made here, when the input has ended. Nothing of it
 * is in checkpoints: a run takes seconds and is the same again from its beginning.
 */
final class DispatchOperator extends AbstractStreamOperator<Outcome>
    implements OneInputStreamOperator<Arrival, Outcome>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  static final String USAGE = "dispatch.usage";
  static final String BEGUN_NS = "dispatch.begunNs";
  static final String ENDED_NS = "dispatch.endedNs";

  private final DispatchPlan plan;
  private final long clients;

  private transient Map<Integer, Dispatcher> dispatchers;
  private transient ListAccumulator<Usage> usage;
  private transient LongMinimum begunNs;
  private transient LongMaximum endedNs;
  private transient StreamRecord<Outcome> reused;

  /**
   * @param clients how many there are over all dispatchers; 0 if all requests come from the input
   */
  DispatchOperator(DispatchPlan plan, long clients) {
    this.plan = plan;
    this.clients = clients;
  }

  @Override
  public void open() throws Exception {
    super.open();
    usage = new ListAccumulator<>();
    begunNs = new LongMinimum();
    endedNs = new LongMaximum();
    getRuntimeContext().addAccumulator(USAGE, usage);
    getRuntimeContext().addAccumulator(BEGUN_NS, begunNs);
    getRuntimeContext().addAccumulator(ENDED_NS, endedNs);
    reused = new StreamRecord<>(null);
    var task = getRuntimeContext().getTaskInfo();
    List<Integer> mine =
        IntStream.range(0, plan.dispatchers())
            .filter(d -> d % task.getNumberOfParallelSubtasks() == task.getIndexOfThisSubtask())
            .boxed()
            .toList();
    dispatchers = plan.make(mine, clients, this::emit);
    begunNs.add(System.nanoTime());
  }

  @Override
  public void processElement(StreamRecord<Arrival> record) {
    Arrival arrival = record.getValue();
    Dispatcher dispatcher = dispatchers.get(arrival.dispatcher());
    if (clients > 0) {
      dispatcher.client(arrival);
    } else {
      dispatcher.arrive(arrival);
    }
  }

  private void emit(Outcome outcome) {
    output.collect(reused.replace(outcome, outcome.endedNs()));
  }

  @Override
  public void endInput() {
    for (Dispatcher dispatcher : dispatchers.values()) {
      dispatcher.finish();
      usage.add(dispatcher.usage());
    }
    endedNs.add(System.nanoTime());
  }
}
