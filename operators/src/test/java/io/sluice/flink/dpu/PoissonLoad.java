package io.sluice.flink.dpu;

import io.sluice.flink.Packet;
import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Requests that come at random, independent of each other, played through the schedule of one slot
 * in virtual time.
 *
 * @param requests how many
 * @param ratePerNs how many come in a nanosecond on average
 * @param seed of the times at which they come
 */
record PoissonLoad(int requests, double ratePerNs, long seed) {
  /** So many come before the schedule is played, so that it holds no more ahead. */
  private static final int CHUNK = 1000;

  /** When each of them comes, in whole nanoseconds. */
  long[] arrivalsNs() {
    Random random = new Random(seed);
    long[] times = new long[requests];
    double nowNs = 0;
    for (int i = 0; i < requests; i++) {
      nowNs -= Math.log(1 - random.nextDouble()) / ratePerNs;
      times[i] = Math.round(nowNs);
    }
    return times;
  }

  /**
   * What the requests saw.
   *
   * @param waitNs from when each came until its batch began, in the order in which they came
   * @param sojournNs until it was answered
   * @param batches how many there were
   * @param busyNs how long units worked on them, summed
   * @param endNs when the last was done
   * @param cpuNs CPU time of the thread that played them, measured
   */
  record Seen(long[] waitNs, long[] sojournNs, long batches, long busyNs, long endNs, long cpuNs) {
    private static final int PIECES = 50;

    double meanWaitNs() {
      return Arrays.stream(waitNs).average().orElse(0);
    }

    /**
     * The standard error of the mean wait over the mean: from the means of {@value #PIECES} pieces,
     * which are nearly independent.
     */
    double relativeErrorOfWait() {
      double mean = meanWaitNs();
      int length = waitNs.length / PIECES;
      double squares = 0;
      for (int i = 0; i < PIECES; i++) {
        double piece =
            Arrays.stream(waitNs, i * length, (i + 1) * length).average().orElse(0) - mean;
        squares += piece * piece;
      }
      return Math.sqrt(squares / (PIECES - 1) / PIECES) / mean;
    }

    double meanBatch() {
      return (double) waitNs.length / batches;
    }

    long sojournNs(double quantile) {
      long[] sorted = sojournNs.clone();
      Arrays.sort(sorted);
      return sorted[(int) Math.ceil(quantile * sorted.length) - 1];
    }
  }

  /**
   * Plays them.
   *
   * @param node with one slot
   * @param lease what each of its units is
   */
  Seen play(DpuNode node, DpuSettings settings, Lease lease) {
    Watch watch = new Watch(requests);
    DpuSchedule schedule = new DpuSchedule(node, settings, watch);
    for (int unit = 0; unit < node.units(); unit++) {
      schedule.tell(
          new LeaseUpdate(
              DpuScheduleTest.slot(unit), 1, unit, 0, Optional.of(lease), false, "granted"),
          0);
    }
    int width = node.modelsByWidth().keySet().iterator().next();
    long[] times = arrivalsNs();
    Packet packet = DpuScheduleTest.request("r", width, 0).packet();
    long begunNs = cpuTimeNs();
    for (int i = 0; i < requests; i++) {
      schedule.arrive(0, new Request(packet, width, times[i], 0, Request.NEVER_DUE));
      if (i % CHUNK == CHUNK - 1) {
        schedule.drain(times[i] - 1);
      }
    }
    schedule.drain(Long.MAX_VALUE);
    return new Seen(
        watch.waitNs,
        watch.sojournNs,
        watch.batches,
        watch.busyNs,
        watch.endNs,
        cpuTimeNs() - begunNs);
  }

  private static long cpuTimeNs() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Notes when each request, by its number, was served. */
  private static final class Watch extends QuietDevice {
    private final long[] waitNs;
    private final long[] sojournNs;
    private long batches;
    private long busyNs;
    private long endNs;

    Watch(int requests) {
      waitNs = new long[requests];
      sojournNs = new long[requests];
    }

    @Override
    public Optional<List<Packet>> finished(Batch batch) {
      batches++;
      busyNs += batch.finishNs() - batch.startNs();
      endNs = batch.finishNs();
      for (Request request : batch.requests()) {
        waitNs[(int) request.serial()] = batch.startNs() - request.arrivedNs();
        sojournNs[(int) request.serial()] = batch.finishNs() - request.arrivedNs();
      }
      return super.finished(batch);
    }

    @Override
    public void refused(Request request, Refusal refusal) {
      throw new AssertionError(refusal.toString());
    }
  }
}
