package io.sluice.flink.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a DPU node did over all its subtasks.
 *
 * @param node its id
 * @param batches that its units finished
 * @param requests in these batches
 * @param modelledNs time that the units were busy with them, modelled
 * @param requeued requests that were queued again because their unit died
 * @param batchSizes how many batches had how many requests, by size
 * @param priorities what happened to the requests of each priority, the most urgent first
 */
public record DpuTotals(
    String node,
    long batches,
    long requests,
    long modelledNs,
    long requeued,
    SortedMap<Integer, Long> batchSizes,
    List<Priority> priorities) {
  static final List<String> NAMES = List.of("batches", "requests", "modelledNs", "requeued");
  static final int BATCHES = 0;
  static final int REQUESTS = 1;
  static final int MODELLED_NS = 2;
  static final int REQUEUED = 3;

  static final List<String> PRIORITY_NAMES =
      List.of("served", "queueWaitNs", "rejected", "expired", "lost", "cancelled", "retried");
  static final int SERVED = 0;
  static final int QUEUE_WAIT_NS = 1;
  static final int REJECTED = 2;
  static final int EXPIRED = 3;
  static final int LOST = 4;
  static final int CANCELLED = 5;
  static final int RETRIED = 6;

  /**
   * What happened to the requests of one priority.
   *
   * @param served times that a unit finished one
   * @param queueWaitNs from when they came until these batches began, in the job's time, summed
   * @param rejected failed because there was no room
   * @param expired failed because they waited too long, for their turn or for a unit
   * @param lost failed because their unit died too often
   * @param cancelled failed with another part of their request
   * @param retried times that one was queued again, after a loss or a failure
   */
  public record Priority(
      long served,
      long queueWaitNs,
      long rejected,
      long expired,
      long lost,
      long cancelled,
      long retried) {}

  public DpuTotals {
    batchSizes = Collections.unmodifiableSortedMap(new TreeMap<>(batchSizes));
    priorities = List.copyOf(priorities);
  }

  /** Requests that failed because they waited too long. */
  public long expired() {
    return priorities.stream().mapToLong(Priority::expired).sum();
  }

  /** From when requests came until their batches began, in the job's time, summed. */
  public long queueWaitNs() {
    return priorities.stream().mapToLong(Priority::queueWaitNs).sum();
  }

  /** Reads the totals of a node from the accumulators of a job that ended. */
  public static DpuTotals of(String node, Map<String, ?> accumulators) {
    List<Priority> priorities = new ArrayList<>();
    for (int p = 0; accumulators.containsKey(priorityKey(node, p, SERVED)); p++) {
      long[] t = new long[PRIORITY_NAMES.size()];
      for (int i = 0; i < t.length; i++) {
        t[i] = total(accumulators, priorityKey(node, p, i));
      }
      priorities.add(
          new Priority(
              t[SERVED],
              t[QUEUE_WAIT_NS],
              t[REJECTED],
              t[EXPIRED],
              t[LOST],
              t[CANCELLED],
              t[RETRIED]));
    }
    return new DpuTotals(
        node,
        total(accumulators, key(node, BATCHES)),
        total(accumulators, key(node, REQUESTS)),
        total(accumulators, key(node, MODELLED_NS)),
        total(accumulators, key(node, REQUEUED)),
        sizes(accumulators.get(sizesKey(node))),
        priorities);
  }

  private static long total(Map<String, ?> accumulators, String key) {
    return accumulators.get(key) instanceof Long value ? value : 0;
  }

  private static SortedMap<Integer, Long> sizes(Object histogram) {
    SortedMap<Integer, Long> sizes = new TreeMap<>();
    if (histogram instanceof Map<?, ?> counts) {
      counts.forEach((size, count) -> sizes.put((Integer) size, ((Number) count).longValue()));
    }
    return sizes;
  }

  static String key(String node, int index) {
    return "dpu." + node + "." + NAMES.get(index);
  }

  static String priorityKey(String node, int priority, int index) {
    return "dpu." + node + ".priority" + (priority + 1) + "." + PRIORITY_NAMES.get(index);
  }

  static String sizesKey(String node) {
    return "dpu." + node + ".batchSizes";
  }
}
