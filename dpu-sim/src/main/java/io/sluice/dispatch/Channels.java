package io.sluice.dispatch;

/** Links that carry one transfer after the other, in the order in which they are asked for. */
final class Channels {
  private final double[] bytesPerNs;
  private final long[] freeNs;

  /** The same for what goes before all else. */
  private final long[] firstFreeNs;

  private final long[] busyNs;
  private final MeasuredTime measured;

  Channels(double[] bytesPerNs, MeasuredTime measured) {
    this.bytesPerNs = bytesPerNs;
    this.freeNs = new long[bytesPerNs.length];
    this.firstFreeNs = new long[bytesPerNs.length];
    this.busyNs = new long[bytesPerNs.length];
    this.measured = measured;
  }

  /** Carries bytes that are there from a time on; returns when they are over. */
  long carry(int channel, long bytes, long fromNs) {
    long beginNs = Math.max(fromNs, freeNs[channel]);
    long endNs = beginNs + durationNs(channel, bytes);
    freeNs[channel] = endNs;
    busyNs[channel] += measured.within(beginNs, endNs);
    return endNs;
  }

  /** Carries bytes before all else that waits, which is over so much later. */
  long carryFirst(int channel, long bytes, long nowNs) {
    long durationNs = durationNs(channel, bytes);
    long beginNs = Math.max(nowNs, firstFreeNs[channel]);
    long endNs = beginNs + durationNs;
    firstFreeNs[channel] = endNs;
    freeNs[channel] = Math.max(freeNs[channel], nowNs) + durationNs;
    busyNs[channel] += measured.within(beginNs, endNs);
    return endNs;
  }

  long durationNs(int channel, long bytes) {
    return bytes == 0 ? 0 : Math.max(1, Math.round(bytes / bytesPerNs[channel]));
  }

  /** Forgets what was to be carried: the card is new. */
  void reset(int channel, long nowNs) {
    freeNs[channel] = nowNs;
    firstFreeNs[channel] = nowNs;
  }

  long[] busyNs() {
    return busyNs.clone();
  }
}
