package io.sluice.dispatch;

/** The interval in which busy times count. */
record MeasuredTime(long fromNs, long untilNs) {
  /** How much of a time lies in it. */
  long within(long beginNs, long endNs) {
    return Math.max(0, Math.min(endNs, untilNs) - Math.max(beginNs, fromNs));
  }

  boolean contains(long ns) {
    return ns >= fromNs && ns < untilNs;
  }
}
