package io.sluice.flink.metrics;

import java.util.List;
import java.util.Map;

/**
 * What a DPU node did over all its subtasks.
 *
 * @param node its id
 * @param batches that its units finished
 * @param requests in these batches
 * @param modelledNs time that the units were busy with them, modelled
 * @param requeued requests that were queued again because their unit died
 * @param expired requests that failed because no unit came for them
 */
public record DpuTotals(
    String node, long batches, long requests, long modelledNs, long requeued, long expired) {
  static final List<String> NAMES =
      List.of("batches", "requests", "modelledNs", "requeued", "expired");
  static final int BATCHES = 0;
  static final int REQUESTS = 1;
  static final int MODELLED_NS = 2;
  static final int REQUEUED = 3;
  static final int EXPIRED = 4;

  /** Reads the totals of a node from the accumulators of a job that ended. */
  public static DpuTotals of(String node, Map<String, ?> accumulators) {
    long[] totals = new long[NAMES.size()];
    for (int i = 0; i < totals.length; i++) {
      totals[i] = accumulators.get(key(node, i)) instanceof Long value ? value : 0;
    }
    return new DpuTotals(
        node,
        totals[BATCHES],
        totals[REQUESTS],
        totals[MODELLED_NS],
        totals[REQUEUED],
        totals[EXPIRED]);
  }

  static String key(String node, int index) {
    return "dpu." + node + "." + NAMES.get(index);
  }
}
