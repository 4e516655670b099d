package io.sluice.flink.dispatch;

import java.io.Serializable;

/**
 * The measured part of a run, in equal windows.
 *
 * @param fromNs 0 or more; what ends before is warm-up
 * @param windowNs length of one, 1 or more
 * @param count 1 to {@link #MOST}
 */
public record MeasuredWindows(long fromNs, long windowNs, int count) implements Serializable {
  /** No run has more windows. */
  public static final int MOST = 1000;

  public MeasuredWindows {
    if (fromNs < 0 || windowNs < 1 || count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          count + " windows of " + windowNs + " ns from " + fromNs + " ns");
    }
  }

  public long untilNs() {
    return fromNs + count * windowNs;
  }

  /** The window of a time, -1 if it is in none. */
  int of(long ns) {
    return ns < fromNs || ns >= untilNs() ? -1 : (int) ((ns - fromNs) / windowNs);
  }
}
