package io.sluice.jobs.bench;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The points of a sweep over numbers of cards.
 *
 * @param fleet for people: what was swept
 * @param load for people: what was asked
 * @param policy that chose units
 * @param seed of the load
 * @param points in the order in which they ran, 1 or more
 * @param wantedP99Ms latency that a highest rate was looked for with, if one was
 * @param best for each point the highest rate that keeps a latency, if one was looked for; as long
 *     as the points, or empty
 */
public record BenchmarkResult(
    String fleet,
    String load,
    String policy,
    long seed,
    List<BenchmarkPoint> points,
    OptionalDouble wantedP99Ms,
    List<Optional<BenchmarkPoint>> best) {
  public BenchmarkResult {
    points = List.copyOf(points);
    best = List.copyOf(best);
    if (points.isEmpty()) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE, "no points", "benchmark of a fleet", "run at least one");
    }
  }

  /** Throughput over that of as many of the first point's cards, each for itself; modelled. */
  public double efficiency(BenchmarkPoint point) {
    BenchmarkPoint first = points.get(0);
    return point.throughputPerSecond()
        * first.cards()
        / point.cards()
        / first.throughputPerSecond();
  }

  /** Measured: requests that ended in all points, a second of the dispatchers' run. */
  public double schedulerPerSecondMeasured() {
    double ended = points.stream().mapToDouble(p -> p.totals().ended()).sum();
    return ended / points.stream().mapToDouble(p -> p.totals().playedSeconds()).sum();
  }
}
