package io.sluice.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.flink.metrics.DpuTotals;
import io.sluice.flink.metrics.StageTimes;
import io.sluice.jobs.demo.DemoReport;
import io.sluice.jobs.demo.DemoResult;
import io.sluice.schemas.InferenceResult;
import java.io.PrintWriter;
import java.util.Locale;

/** The report of a demo for people. */
final class DemoText {
  private static final int SHOWN_CHARS = 48;
  private static final int SHOWN_REASONS = 4;
  private static final double NS_PER_MS = 1e6;

  private final PrintWriter printer;

  DemoText(PrintWriter printer) {
    this.printer = printer;
  }

  void print(DemoReport report, ObjectNode summary) {
    pages(report);
    stages(report.int8());
    nodes(report);
    networks(report);
    totals(report, summary.get("totalSecondsMeasured").asDouble());
  }

  private void pages(DemoReport report) {
    line(
        "%-10s %5s %8s %8s %12s  %s",
        "page", "lines", "float", "INT8", "DPU modelled", "INT8 read");
    for (int i = 0; i < report.int8().pages().size(); i++) {
      DemoResult.Answered page = report.int8().pages().get(i);
      line(
          "%-10s %5d %7.2f%% %7.2f%% %9.1f ms  %s",
          page.page().name(),
          page.lines(),
          100 * report.floats().pages().get(i).accuracy().value(),
          100 * page.accuracy().value(),
          page.dpuMsModelled(),
          page.result().map(DemoText::shortened).orElse("(dead letter)"));
    }
    line("");
  }

  private void stages(DemoResult result) {
    line("%-20s %8s %12s %14s", "stage (INT8)", "packets", "ms measured", "ms per packet");
    for (StageTimes stage : result.stages()) {
      line(
          "%-20s %8d %12.1f %14.3f",
          stage.stage(), stage.packets(), stage.busyNs() / NS_PER_MS, stage.msPerPacket());
    }
    line("");
  }

  private void nodes(DemoReport report) {
    line(
        "%-20s %8s %12s %14s %9s",
        "DPU node", "requests", "ms modelled", "ms per request", "requeued");
    for (DpuTotals node : report.int8().dpu()) {
      double ms = node.modelledNs() / NS_PER_MS;
      line(
          "%-20s %8d %12.1f %14.3f %9d",
          node.node(),
          node.requests(),
          ms,
          node.requests() == 0 ? 0 : ms / node.requests(),
          node.requeued());
    }
    line("");
  }

  private void networks(DemoReport report) {
    report
        .compiled()
        .dpuMacShare()
        .forEach(
            (network, share) -> {
              line(
                  "%s: %.1f%% of the multiply-accumulates on the DPU (%s)",
                  network, 100 * share, report.compiled().target());
              report.compiled().onCpu().get(network).stream()
                  .limit(SHOWN_REASONS)
                  .forEach(why -> line("    on the CPU: %s", why));
            });
    line("");
  }

  private void totals(DemoReport report, double totalSeconds) {
    DemoResult floats = report.floats();
    DemoResult int8 = report.int8();
    line(
        "character accuracy: float %.2f%%, INT8 %.2f%% of %d characters on %d pages",
        100 * floats.accuracy().value(),
        100 * int8.accuracy().value(),
        int8.accuracy().characters(),
        int8.pages().size());
    line(
        "DPU time %.1f ms a page modelled; fleet '%s', %.3g pages/s sent, seed %d",
        int8.dpuMsPerPageModelled(),
        report.fleet().name(),
        report.pagesPerSecondSent(),
        report.seed());
    line(
        "%.2f pages/s float, %.2f pages/s INT8 measured (%.1f s and %.1f s for the jobs with %d"
            + " subtasks a stage, %.1f s in all)",
        floats.pagesPerSecond(),
        int8.pagesPerSecond(),
        floats.jobSeconds(),
        int8.jobSeconds(),
        int8.parallelism(),
        totalSeconds);
  }

  private void line(String format, Object... values) {
    printer.println(String.format(Locale.ROOT, format, values));
  }

  private static String shortened(InferenceResult result) {
    String text = result.getText().replaceAll("\\s+", " ").strip();
    int end =
        text.offsetByCodePoints(0, Math.min(SHOWN_CHARS, text.codePointCount(0, text.length())));
    return end == text.length() ? text : text.substring(0, end) + " ...";
  }
}
