package io.sluice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sluice.error.SluiceException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Gives damaged files to a reader and keeps what came of it. Anything but success or a typed error
 * fails, and so does a file that takes over 10 s, or makes the reader allocate over 512 MiB: as
 * what is allocated bounds what is held, the heap stays below that too.
 */
final class Fuzzer {
  private static final double MAX_SECONDS = 10;
  private static final long MAX_ALLOCATED_BYTES = 512L << 20;
  private static final int MAX_FAILURES = 20;
  private static final double NS_PER_S = 1e9;

  private final FuzzTarget target;
  private final long seed;
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private double slowestSeconds;
  private String slowest = "";
  private long largestBytes;
  private String largest = "";

  Fuzzer(FuzzTarget target, long seed) {
    this.target = target;
    this.seed = seed;
  }

  /** The damaged file of a number; the same whatever the other numbers are. */
  private byte[] damaged(FuzzTarget.Sample sample, Random random) {
    Mutation mutation = sample.mutations().get(random.nextInt(sample.mutations().size()));
    return mutation.apply(sample.file(), random);
  }

  void run(int count) {
    for (int i = 0; i < count; i++) {
      Random random = new Random(seed + i);
      FuzzTarget.Sample sample = target.pick(random);
      one(
          sample,
          damaged(sample, random),
          target.name() + ", seed " + (seed + i) + ", " + sample.name());
    }
    assertThat(failures).as(target.name()).isEmpty();
    assertThat(outcomes.getOrDefault("read", 0)).as(target.name()).isBetween(1, count - 1);
  }

  private void one(FuzzTarget.Sample sample, byte[] file, String what) {
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    long start = System.nanoTime();
    String outcome = "read";
    try {
      target.reader().read(file, sample);
    } catch (SluiceException e) {
      outcome = e.code().toString();
    } catch (Exception | Error e) {
      outcome = e.getClass().getSimpleName();
      fail(what + ": no typed error but " + e + " at " + List.of(e.getStackTrace()));
    }
    double seconds = (System.nanoTime() - start) / NS_PER_S;
    long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    outcomes.merge(outcome, 1, Integer::sum);
    if (seconds > slowestSeconds) {
      slowestSeconds = seconds;
      slowest = what + ": " + outcome;
    }
    if (bytes > largestBytes) {
      largestBytes = bytes;
      largest = what + ": " + outcome;
    }
    if (seconds > MAX_SECONDS || bytes > MAX_ALLOCATED_BYTES) {
      fail(what + ": " + seconds + " s, " + bytes + " bytes");
    }
  }

  /** A few are enough; the others may be as well. */
  private void fail(String what) {
    if (failures.size() < MAX_FAILURES) {
      failures.add(what);
    }
  }

  String report() {
    int tried = outcomes.values().stream().mapToInt(Integer::intValue).sum();
    return String.format(
        Locale.ROOT,
        "%s: %d damaged files from seed %d: %s%n  slowest %.3f s measured (%s)%n"
            + "  most allocated %.1f MiB (%s)%n",
        target.name(),
        tried,
        seed,
        outcomes,
        slowestSeconds,
        slowest,
        largestBytes / 1024.0 / 1024.0,
        largest);
  }
}
