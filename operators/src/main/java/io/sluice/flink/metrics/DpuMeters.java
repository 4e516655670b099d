package io.sluice.flink.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.flink.api.common.accumulators.Histogram;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;

/**
 * What a DPU node counts in one subtask beside {@link StageMeters}: {@code batches} and {@code
 * requests} that its units finished, {@code modelledNs} that they took, {@code peakPerSecond}
 * requests that a unit could do, no number before the first, {@code requeued} requests whose unit
 * died under them, {@code leases} that its slots hold now, {@code batchSize} as a histogram, and
 * for each priority what {@link DpuTotals.Priority} has. When the subtask ends the totals go into
 * the job's accumulators: see {@link DpuTotals}.
 */
public final class DpuMeters implements AutoCloseable {
  /** Upper bounds of the live histogram; the job's totals have every size. */
  private static final double[] SIZE_BUCKETS = {1, 2, 4, 8, 14, 16, 32, 64};

  private static final double NS_PER_S = 1e9;

  private final MeterRegistry registry;
  private final Counter[] counters = new Counter[DpuTotals.NAMES.size()];
  private final LongCounter[] totals = new LongCounter[DpuTotals.NAMES.size()];
  private final Counter[][] byPriority;
  private final LongCounter[][] totalsByPriority;
  private final DistributionSummary batchSize;
  private final SortedMap<Integer, Integer> sizes = new TreeMap<>();
  private final Histogram sizesTotal = new Histogram();

  DpuMeters(MeterRegistry registry, int priorities) {
    this.registry = registry;
    for (int i = 0; i < counters.length; i++) {
      counters[i] = registry.counter(DpuTotals.NAMES.get(i));
      totals[i] = new LongCounter();
    }
    Gauge.builder("peakPerSecond", this::peakPerSecond).strongReference(true).register(registry);
    int names = DpuTotals.PRIORITY_NAMES.size();
    byPriority = new Counter[priorities][names];
    totalsByPriority = new LongCounter[priorities][names];
    for (int p = 0; p < priorities; p++) {
      for (int i = 0; i < names; i++) {
        String name = "priority" + (p + 1) + "." + DpuTotals.PRIORITY_NAMES.get(i);
        byPriority[p][i] = registry.counter(name);
        totalsByPriority[p][i] = new LongCounter();
      }
    }
    batchSize =
        DistributionSummary.builder("batchSize")
            .serviceLevelObjectives(SIZE_BUCKETS)
            .register(registry);
  }

  /**
   * The meters of a node in the subtask that the context is of.
   *
   * @param priorities how many the node has
   */
  public static DpuMeters of(String node, int priorities, RuntimeContext context) {
    DpuMeters meters =
        new DpuMeters(
            FlinkMeterRegistry.on(context.getMetricGroup().addGroup("dpu", node)), priorities);
    for (int i = 0; i < meters.totals.length; i++) {
      context.addAccumulator(DpuTotals.key(node, i), meters.totals[i]);
    }
    for (int p = 0; p < priorities; p++) {
      for (int i = 0; i < meters.totalsByPriority[p].length; i++) {
        context.addAccumulator(DpuTotals.priorityKey(node, p, i), meters.totalsByPriority[p][i]);
      }
    }
    context.addAccumulator(DpuTotals.sizesKey(node), meters.sizesTotal);
    return meters;
  }

  /** Where to ask how many units the slots hold. */
  public void leases(Supplier<Number> held) {
    Gauge.builder("leases", held).strongReference(true).register(registry);
  }

  private double peakPerSecond() {
    return counters[DpuTotals.REQUESTS].count()
        / counters[DpuTotals.MODELLED_NS].count()
        * NS_PER_S;
  }

  /** A unit finished a batch that took so long, modelled. */
  public void finished(int requests, long modelledNs) {
    counters[DpuTotals.BATCHES].increment();
    counters[DpuTotals.REQUESTS].increment(requests);
    counters[DpuTotals.MODELLED_NS].increment((double) modelledNs);
    batchSize.record(requests);
    sizes.merge(requests, 1, Integer::sum);
  }

  /** A request of a priority, from 0, was in it, and had waited so long. */
  public void served(int priority, long waitedNs) {
    byPriority[priority][DpuTotals.SERVED].increment();
    byPriority[priority][DpuTotals.QUEUE_WAIT_NS].increment((double) waitedNs);
  }

  /** A unit died under so many requests. */
  public void requeued(int requests) {
    counters[DpuTotals.REQUEUED].increment(requests);
  }

  /** There was no room for a request. */
  public void rejected(int priority) {
    byPriority[priority][DpuTotals.REJECTED].increment();
  }

  /** A request waited too long. */
  public void expired(int priority) {
    byPriority[priority][DpuTotals.EXPIRED].increment();
  }

  /** Units died under a request too often. */
  public void lost(int priority) {
    byPriority[priority][DpuTotals.LOST].increment();
  }

  /** Another part of a request failed. */
  public void cancelled(int priority) {
    byPriority[priority][DpuTotals.CANCELLED].increment();
  }

  /** A request is queued again. */
  public void retried(int priority) {
    byPriority[priority][DpuTotals.RETRIED].increment();
  }

  @Override
  public void close() {
    add(counters, totals);
    for (int p = 0; p < byPriority.length; p++) {
      add(byPriority[p], totalsByPriority[p]);
    }
    sizes.forEach(
        (size, count) -> {
          Histogram one = new Histogram();
          one.getLocalValue().put(size, count);
          sizesTotal.merge(one);
        });
    registry.close();
  }

  private static void add(Counter[] from, LongCounter[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i].add((long) from[i].count());
    }
  }
}
