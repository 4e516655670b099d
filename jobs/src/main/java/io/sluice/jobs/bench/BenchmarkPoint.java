package io.sluice.jobs.bench;

import io.sluice.flink.dispatch.DispatchTotals;
import java.util.List;

/**
 * What one run of a fleet gave. All is modelled save what {@link DispatchTotals#playedSeconds} and
 * {@link #jobSeconds} say.
 *
 * @param cards of the fleet
 * @param units of the fleet
 * @param idleUnits those of them that no network is compiled for
 * @param throughputPerSecond results in the measured time over its length
 * @param offeredPerSecond of an open load; NaN of a closed one
 * @param stable whether the last three windows agree within 10% in throughput and mean latency
 * @param bottleneck what bounds the throughput
 * @param utilisations of every unit, card and host
 * @param totals counts and latencies
 * @param jobSeconds measured: from submitting the Flink job until its result
 */
public record BenchmarkPoint(
    int cards,
    int units,
    int idleUnits,
    double throughputPerSecond,
    double offeredPerSecond,
    boolean stable,
    Bottleneck bottleneck,
    List<Utilisation> utilisations,
    DispatchTotals totals,
    double jobSeconds) {
  private static final int LAST = 3;
  private static final double AGREE = 1.1;

  public BenchmarkPoint {
    utilisations = List.copyOf(utilisations);
  }

  static boolean isStable(List<DispatchTotals.Window> windows) {
    List<DispatchTotals.Window> last =
        windows.subList(Math.max(0, windows.size() - LAST), windows.size());
    return last.size() == LAST
        && agree(last.stream().mapToDouble(DispatchTotals.Window::results).toArray())
        && agree(last.stream().mapToDouble(DispatchTotals.Window::meanNs).toArray());
  }

  private static boolean agree(double[] values) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (double value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return least > 0 && most <= AGREE * least;
  }

  /** Measured: requests that ended, warm-up included, a second of the dispatchers' run. */
  public double schedulerPerSecondMeasured() {
    return totals.ended() / totals.playedSeconds();
  }
}
