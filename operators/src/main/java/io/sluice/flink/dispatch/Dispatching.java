package io.sluice.flink.dispatch;

import io.sluice.dispatch.Arrival;
import io.sluice.dispatch.DispatchPlan;
import io.sluice.dispatch.Outcome;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Adds dispatchers to a job. */
public final class Dispatching {
  private Dispatching() {}

  /**
   * The outcomes of requests, one for each.
   *
   * @param arrivals in the order of their times, from one subtask
   * @param clients how many first requests of clients the arrivals are; 0 if they are all requests
   */
  public static DataStream<Outcome> outcomes(
      DataStream<Arrival> arrivals, DispatchPlan plan, long clients) {
    return arrivals
        .partitionCustom((Integer d, int subtasks) -> d % subtasks, Arrival::dispatcher)
        .transform("dispatch", DispatchTypes.OUTCOME, new DispatchOperator(plan, clients))
        .uid("dispatch");
  }

  /**
   * Counts outcomes where they are made; {@link DispatchTotals#of} reads the job's accumulators.
   */
  public static void count(DataStream<Outcome> outcomes, MeasuredWindows measured) {
    outcomes
        .transform("statistics", DispatchTypes.OUTCOME, new OutcomeStatistics(measured))
        .uid("statistics")
        .sinkTo(new DiscardingSink<>())
        .name("nothing");
  }
}
