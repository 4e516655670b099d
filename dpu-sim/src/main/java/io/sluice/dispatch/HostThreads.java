package io.sluice.dispatch;

/**
 * The threads of hosts that prepare requests. All requests take equally long, so the thread that
 * was given one first is free first, and a ring finds it without a search.
 */
final class HostThreads {
  private final long hostNs;
  private final long[][] freeNs;
  private final int[] next;
  private final long[] busyNs;
  private final MeasuredTime measured;

  HostThreads(int[] threads, long hostNs, MeasuredTime measured) {
    this.hostNs = hostNs;
    this.measured = measured;
    freeNs = new long[threads.length][];
    for (int h = 0; h < threads.length; h++) {
      freeNs[h] = new long[threads[h]];
    }
    next = new int[threads.length];
    busyNs = new long[threads.length];
  }

  /** Prepares a request that comes to a host now; returns when it is ready to be sent. */
  long prepare(int host, long nowNs) {
    if (hostNs == 0) {
      return nowNs;
    }
    int thread = next[host];
    next[host] = thread + 1 == freeNs[host].length ? 0 : thread + 1;
    long beginNs = Math.max(nowNs, freeNs[host][thread]);
    long endNs = beginNs + hostNs;
    freeNs[host][thread] = endNs;
    busyNs[host] += measured.within(beginNs, endNs);
    return endNs;
  }

  long[] busyNs() {
    return busyNs.clone();
  }
}
