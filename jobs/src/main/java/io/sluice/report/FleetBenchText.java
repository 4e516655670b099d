package io.sluice.report;

import io.sluice.flink.dispatch.DispatchTotals.Part;
import io.sluice.jobs.bench.BenchmarkPoint;
import io.sluice.jobs.bench.BenchmarkResult;
import io.sluice.jobs.bench.Utilisation;
import io.sluice.report.FleetBenchJson.Quantile;
import java.io.PrintWriter;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A benchmark of a fleet as tables, and as comma-separated values. */
public final class FleetBenchText {
  private FleetBenchText() {}

  public static void print(BenchmarkResult result, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s; %s; policy %s; seed %d; throughput and times are modelled%n",
        result.fleet(),
        result.load(),
        result.policy(),
        result.seed());
    out.printf(
        Locale.ROOT,
        "%6s %6s %12s %6s %9s %9s %9s %9s  %-6s  %-10s %12s  %s%n",
        "cards",
        "units",
        "per second",
        "eff",
        "p50 ms",
        "p90 ms",
        "p99 ms",
        "p99.9 ms",
        "stable",
        "bottleneck",
        "est. without",
        "next");
    for (BenchmarkPoint p : result.points()) {
      out.printf(
          Locale.ROOT,
          "%6d %6d %12.1f %6.3f %9.3f %9.3f %9.3f %9.3f  %-6s  %-10s %12.1f  %s%n",
          p.cards(),
          p.units(),
          p.throughputPerSecond(),
          result.efficiency(p),
          p.totals().ms(Part.TOTAL, 50),
          p.totals().ms(Part.TOTAL, 90),
          p.totals().ms(Part.TOTAL, 99),
          p.totals().ms(Part.TOTAL, 99.9),
          p.stable() ? "yes" : "NO",
          p.bottleneck().name(),
          p.bottleneck().withoutPerSecond(),
          p.bottleneck().next());
    }
    out.println(
        "est. without: an estimate of the throughput if the bottleneck were gone, when the next"
            + " part is busy all the time");
    BenchmarkPoint last = result.points().get(result.points().size() - 1);
    if (last.idleUnits() > 0) {
      out.printf(
          "%d of %d units are idle: no --model is compiled for their target%n",
          last.idleUnits(), last.units());
    }
    parts(last, out);
    utilisation(last, out);
    for (int i = 0; i < result.best().size(); i++) {
      double wantedMs = result.wantedP99Ms().orElseThrow();
      int cards = result.points().get(i).cards();
      out.println(
          result
              .best()
              .get(i)
              .map(
                  best ->
                      String.format(
                          Locale.ROOT,
                          "highest rate with %d cards: %.1f/s, p99 %.3f of %s ms (modelled)",
                          cards,
                          best.offeredPerSecond(),
                          best.totals().ms(Part.TOTAL, 99),
                          wantedMs))
              .orElse(
                  "no rate that was tried keeps a p99 of "
                      + wantedMs
                      + " ms with "
                      + cards
                      + " cards"));
    }
    out.printf(
        Locale.ROOT,
        "scheduler: %.0f requests/s (measured, from the first dispatcher's start to the last one's"
            + " end, warm-up requests counted)%n",
        result.schedulerPerSecondMeasured());
    out.flush();
  }

  private static void parts(BenchmarkPoint point, PrintWriter out) {
    out.printf("latency with %d cards, ms (modelled):%n", point.cards());
    for (Part part : Part.values()) {
      out.printf(Locale.ROOT, "  %-9s", part.name().toLowerCase(Locale.ROOT));
      for (Quantile q : Quantile.values()) {
        out.printf(Locale.ROOT, " %s %9.3f", q.label(), point.totals().ms(part, q.percent));
      }
      out.println();
    }
    out.printf(
        "  ended: %s; %d after their deadline, %d times begun again after a card died%n",
        new TreeMap<>(point.totals().endings()), point.totals().late(), point.totals().losses());
  }

  private static void utilisation(BenchmarkPoint point, PrintWriter out) {
    Map<String, DoubleSummaryStatistics> byPart =
        point.utilisations().stream()
            .collect(
                Collectors.groupingBy(
                    Utilisation::part,
                    TreeMap::new,
                    Collectors.summarizingDouble(Utilisation::share)));
    out.printf("busy with %d cards, %% (modelled):%n", point.cards());
    byPart.forEach(
        (part, shares) ->
            out.printf(
                Locale.ROOT,
                "  %-14s %5d of them: least %5.1f, mean %5.1f, most %5.1f%n",
                part,
                shares.getCount(),
                100 * shares.getMin(),
                100 * shares.getAverage(),
                100 * shares.getMax()));
  }

  /** A line for each point, after one of names; what there is none of is empty. */
  public static String csv(BenchmarkResult result) {
    StringBuilder text =
        new StringBuilder(
            "cards,units,idleUnits,offeredPerSecond,throughputPerSecondModelled,efficiency,p50Ms,p90Ms,p99Ms,p999Ms,"
                + "hostP99Ms,transferP99Ms,queueP99Ms,deviceP99Ms,stable,bottleneck,"
                + "withoutBottleneckPerSecondEstimated,nextBottleneck,highestRatePerSecond,"
                + "schedulerPerSecondMeasured\n");
    for (int i = 0; i < result.points().size(); i++) {
      BenchmarkPoint p = result.points().get(i);
      Optional<BenchmarkPoint> best =
          result.best().isEmpty() ? Optional.empty() : result.best().get(i);
      text.append(
          String.format(
              Locale.ROOT,
              "%d,%d,%d,%s,%.3f,%.5f,%.6f,%.6f,%.6f,%.6f,%.6f,%.6f,%.6f,%.6f,%b,%s,%.3f,%s,%s,%.0f%n",
              p.cards(),
              p.units(),
              p.idleUnits(),
              Double.isNaN(p.offeredPerSecond()) ? "" : rate(p.offeredPerSecond()),
              p.throughputPerSecond(),
              result.efficiency(p),
              p.totals().ms(Part.TOTAL, 50),
              p.totals().ms(Part.TOTAL, 90),
              p.totals().ms(Part.TOTAL, 99),
              p.totals().ms(Part.TOTAL, 99.9),
              p.totals().ms(Part.HOST, 99),
              p.totals().ms(Part.TRANSFER, 99),
              p.totals().ms(Part.QUEUE, 99),
              p.totals().ms(Part.DEVICE, 99),
              p.stable(),
              p.bottleneck().name(),
              p.bottleneck().withoutPerSecond(),
              p.bottleneck().next(),
              best.map(b -> rate(b.offeredPerSecond())).orElse(""),
              p.schedulerPerSecondMeasured()));
    }
    return text.toString();
  }

  private static String rate(double perSecond) {
    return String.format(Locale.ROOT, "%.3f", perSecond);
  }
}
