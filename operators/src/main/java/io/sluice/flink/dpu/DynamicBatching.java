package io.sluice.flink.dpu;

/**
 * The rule of Triton's dynamic batcher.
 *
 * <ul>
 *   <li>As many requests as there are, up to the maximum, when that many are wanted: the maximum
 *       without preferred sizes, else the largest preferred size that can be formed.
 *   <li>When fewer wait, the batch is put off until the oldest of them has waited for the longest
 *       delay; then all begin, as many as there are. With a delay of 0 nothing is put off.
 * </ul>
 */
final class DynamicBatching implements BatchPolicy {
  private final int[] preferred;
  private final long maxDelayNs;

  DynamicBatching(BatchingSettings settings) {
    this.preferred = settings.preferred().stream().mapToInt(Integer::intValue).sorted().toArray();
    this.maxDelayNs = settings.maxDelay().toNanos();
  }

  @Override
  public Decision decide(int waiting, int maximum, long oldestNs, long nowNs) {
    int formed = Math.min(waiting, maximum);
    long dueNs = oldestNs + maxDelayNs;
    if (maxDelayNs > 0 && nowNs >= dueNs) {
      return Decision.begin(formed);
    }
    int wanted = largestPreferred(formed);
    if (wanted > 0) {
      return Decision.begin(wanted);
    }
    return formed == maximum || maxDelayNs == 0
        ? Decision.begin(formed)
        : Decision.waitUntil(dueNs);
  }

  private int largestPreferred(int formed) {
    int largest = 0;
    for (int size : preferred) {
      if (size <= formed) {
        largest = size;
      }
    }
    return largest;
  }
}
