package io.sluice.flink.dpu;

/** When a free unit begins a batch of the requests that wait for one model, and of how many. */
interface BatchPolicy {
  /**
   * What to do now.
   *
   * @param size how many requests to begin with; 0 to wait
   * @param againNs when to ask again if nothing else happens before; only if size is 0
   */
  record Decision(int size, long againNs) {
    static Decision begin(int size) {
      return new Decision(size, Long.MAX_VALUE);
    }

    static Decision waitUntil(long ns) {
      return new Decision(0, ns);
    }
  }

  /**
   * Decides from what is given alone.
   *
   * @param waiting requests for the model, 1 or more
   * @param maximum most requests in a batch, 1 or more
   * @param oldestNs when the first of the waiting ones came
   * @param nowNs the time, not before {@code oldestNs}
   */
  Decision decide(int waiting, int maximum, long oldestNs, long nowNs);
}
