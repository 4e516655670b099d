package io.sluice.flink.metrics;

import java.util.Map;

/**
 * What a stage measured over all its subtasks.
 *
 * @param stage the stage
 * @param packets packets that its kernel ran for
 * @param failures packets that it refused
 * @param busyNs time its kernel ran, measured, summed over the subtasks
 */
public record StageTimes(String stage, long packets, long failures, long busyNs) {

  /** Reads the totals of a stage from the accumulators of a job that ended. */
  public static StageTimes of(String stage, Map<String, ?> accumulators) {
    return new StageTimes(
        stage,
        total(accumulators, packetsOf(stage)),
        total(accumulators, failuresOf(stage)),
        total(accumulators, busyNsOf(stage)));
  }

  /** Mean time of one packet in milliseconds; 0 when there was none. */
  public double msPerPacket() {
    return packets == 0 ? 0 : busyNs / 1e6 / packets;
  }

  private static long total(Map<String, ?> accumulators, String name) {
    return accumulators.get(name) instanceof Long value ? value : 0;
  }

  static String busyNsOf(String stage) {
    return "stage." + stage + ".busyNs";
  }

  static String packetsOf(String stage) {
    return "stage." + stage + ".packets";
  }

  static String failuresOf(String stage) {
    return "stage." + stage + ".failures";
  }
}
