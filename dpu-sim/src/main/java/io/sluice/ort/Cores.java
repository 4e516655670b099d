package io.sluice.ort;

import java.util.concurrent.Semaphore;

/**
 * The cores of the machine, which all runs of the process share: a run takes as many as it has
 * threads, and waits until they are free, first come, first served. So however many threads call,
 * no more compute than there are cores.
 *
 * <p>The threads are the callers' own and those of their session, not of one pool that ONNX Runtime
 * would spread every run over: two callers with such a pool between them did three quarters of the
 * work that they do with a thread each (MobileNetV2, two cores), and floats would be summed in an
 * order that depends on the machine.
 */
final class Cores {
  /** Those of this machine. */
  static final Cores ALL = new Cores(Runtime.getRuntime().availableProcessors());

  private final int count;
  private final Semaphore free;

  Cores(int count) {
    this.count = count;
    this.free = new Semaphore(count, true);
  }

  /** A use of some cores that ends when it is closed. */
  interface Use extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Waits for cores.
   *
   * @param threads that compute; if there are fewer cores than that, it has all of them
   */
  Use take(int threads) {
    int taken = Math.min(threads, count);
    free.acquireUninterruptibly(taken);
    return () -> free.release(taken);
  }
}
