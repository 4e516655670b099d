package io.sluice.ort;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what work allocates on the Java heap. */
public final class Allocations {
  private static final int RUNS = 10;

  private Allocations() {}

  /** The least bytes that one of several runs allocated on this thread, after a first. */
  public static long leastBytes(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    work.run();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      long before = threads.getThreadAllocatedBytes(self);
      work.run();
      least = Math.min(least, threads.getThreadAllocatedBytes(self) - before);
    }
    return least;
  }
}
