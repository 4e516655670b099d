package io.sluice.report;

import io.sluice.aks.AksReport;
import io.sluice.aks.JobTotals;
import java.io.PrintWriter;
import java.util.Locale;

/** The report of a graph as a table. */
public final class AksReportText {
  private AksReportText() {}

  /**
   * @param modelled whether throughput and latency are in virtual time
   */
  public static void print(AksReport report, boolean modelled, PrintWriter out) {
    JobTotals totals = report.totals();
    String kind = modelled ? "modelled" : "measured";
    out.printf(
        Locale.ROOT,
        "graph %s: %d jobs, %d results, %d dead letters in %.2f s (measured)%n",
        report.graph(),
        totals.jobs(),
        totals.results(),
        totals.deadLetters(),
        report.elapsedSeconds());
    out.printf(
        Locale.ROOT,
        "throughput %.1f/s, latency p50 %.3f ms, p90 %.3f ms, p99 %.3f ms (%s)%n",
        totals.resultsPerSecond(),
        totals.latencyMs(0.5),
        totals.latencyMs(0.9),
        totals.latencyMs(0.99),
        kind);
    out.printf(
        Locale.ROOT,
        "%-24s %-28s %5s %8s %8s %10s %6s %12s %12s %10s  %s%n",
        "node",
        "kernel",
        "units",
        "calls",
        "failed",
        "exec s",
        "util%",
        "calls/s",
        "jobs/s",
        "wait ms",
        "times");
    for (AksReport.Node node : report.nodes()) {
      out.printf(
          Locale.ROOT,
          "%-24s %-28s %5d %8d %8d %10.3f %6.1f %12s %12s %10.3f  %s%n",
          node.name(),
          node.kernel(),
          node.units(),
          node.jobs(),
          node.failures(),
          node.execSeconds(),
          100 * node.utilisation(),
          rate(node.peakPerSecond()),
          rate(node.peakJobsPerSecond()),
          node.waitMs(),
          kind(node));
      for (String words : node.words()) {
        words.lines().forEach(said -> out.printf(Locale.ROOT, "    %s%n", said));
      }
    }
    report
        .bottleneck()
        .ifPresent(
            slowest ->
                out.printf(
                    Locale.ROOT,
                    "calls/s and jobs/s: the most that the units of a node could do%n"
                        + "bottleneck: %s%s%n",
                    allows(slowest, "allows"),
                    report
                        .next()
                        .map(next -> "; without it " + allows(next, "would allow"))
                        .orElse("")));
    out.flush();
  }

  private static String allows(AksReport.Node node, String verb) {
    return node.name()
        + " "
        + verb
        + " "
        + rate(node.peakJobsPerSecond())
        + " jobs/s ("
        + kind(node)
        + ")";
  }

  private static String kind(AksReport.Node node) {
    return node.modelled() ? "modelled" : "measured";
  }

  private static String rate(double perSecond) {
    return Double.isFinite(perSecond) ? String.format(Locale.ROOT, "%.1f", perSecond) : "-";
  }
}
