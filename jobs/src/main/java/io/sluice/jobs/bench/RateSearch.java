package io.sluice.jobs.bench;

import io.sluice.flink.dispatch.DispatchTotals.Part;
import java.util.Optional;
import java.util.function.DoubleFunction;

/**
 * Looks for the highest rate of an open load at which the 99th percentile of the latency is kept,
 * by halving between a rate that keeps it and one that does not, to within 2%. A rate at which the
 * run is not stable, or results are fewer than 98% of what is offered, does not keep it.
 *
 * @param p99Ms what is to be kept
 */
public record RateSearch(double p99Ms) {
  private static final double CLOSE = 1.02;
  private static final double MOST_LOST = 0.98;
  private static final int STEPS = 12;

  /**
   * @param from a rate that is surely too high
   * @param run gives the point of a rate
   * @return the point of the highest rate that was tried and keeps it; empty if a 64th of the
   *     highest rate does not
   */
  public Optional<BenchmarkPoint> highest(double from, DoubleFunction<BenchmarkPoint> run) {
    double low = from / 64;
    double high = from;
    BenchmarkPoint best = run.apply(low);
    if (!keeps(best)) {
      return Optional.empty();
    }
    for (int step = 0; step < STEPS && high > CLOSE * low; step++) {
      double middle = low < from / 2 && high == from ? from * 0.75 : (low + high) / 2;
      BenchmarkPoint point = run.apply(middle);
      if (keeps(point)) {
        low = middle;
        best = point;
      } else {
        high = middle;
      }
    }
    return Optional.of(best);
  }

  private boolean keeps(BenchmarkPoint point) {
    return point.stable()
        && point.throughputPerSecond() >= MOST_LOST * point.offeredPerSecond()
        && point.totals().ms(Part.TOTAL, 99) <= p99Ms;
  }
}
