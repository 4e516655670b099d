package io.sluice.flink.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;

/**
 * What a DPU node counts in one subtask beside {@link StageMeters}: {@code batches} and {@code
 * requests} that its units finished, {@code modelledNs} that they took, {@code requeued} requests
 * whose unit died under them, and {@code expired} requests that no unit came for. When the subtask
 * ends the totals go into the job's accumulators: see {@link DpuTotals}.
 */
public final class DpuMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final Counter[] counters;
  private final LongCounter[] totals;

  private DpuMeters(MeterRegistry registry) {
    this.registry = registry;
    int count = DpuTotals.NAMES.size();
    this.counters = new Counter[count];
    this.totals = new LongCounter[count];
    for (int i = 0; i < count; i++) {
      counters[i] = registry.counter(DpuTotals.NAMES.get(i));
      totals[i] = new LongCounter();
    }
  }

  /** The meters of a node in the subtask that the context is of. */
  public static DpuMeters of(String node, RuntimeContext context) {
    DpuMeters meters =
        new DpuMeters(FlinkMeterRegistry.on(context.getMetricGroup().addGroup("dpu", node)));
    for (int i = 0; i < meters.totals.length; i++) {
      context.addAccumulator(DpuTotals.key(node, i), meters.totals[i]);
    }
    return meters;
  }

  /** A unit finished a batch that took so long, modelled. */
  public void finished(int requests, long modelledNs) {
    counters[DpuTotals.BATCHES].increment();
    counters[DpuTotals.REQUESTS].increment(requests);
    counters[DpuTotals.MODELLED_NS].increment((double) modelledNs);
  }

  /** A unit died under so many requests. */
  public void requeued(int requests) {
    counters[DpuTotals.REQUEUED].increment(requests);
  }

  /** No unit came for a request. */
  public void expired() {
    counters[DpuTotals.EXPIRED].increment();
  }

  @Override
  public void close() {
    for (int i = 0; i < counters.length; i++) {
      totals[i].add((long) counters[i].count());
    }
    registry.close();
  }
}
