package io.sluice.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.StoredRunners;
import io.sluice.flink.metrics.StageTimes;
import io.sluice.flink.ocr.OcrModels;
import io.sluice.jobs.Arrivals;
import io.sluice.jobs.OcrModelFiles;
import io.sluice.jobs.demo.Demo;
import io.sluice.jobs.demo.DemoFiles;
import io.sluice.jobs.demo.DemoPage;
import io.sluice.jobs.demo.DemoResult;
import io.sluice.jobs.demo.Progress;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.InferenceResult;
import io.sluice.vart.RunnerOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice demo}: the shipped pages through the whole job. */
@Command(
    name = "demo",
    description = "Reads the shipped pages with the OCR job, on an embedded Kafka and Flink.")
final class DemoCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final int SHOWN_CHARS = 60;

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      defaultValue = "out/demo",
      description = "Folder of the results (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--models",
      description = "Folder of the imported models (default: models below the results).")
  private Path models;

  @Option(
      names = "--parallelism",
      description = "Subtasks of each stage (default: the number of processors, at most 8).")
  private Integer parallelism;

  @Option(names = "--json", description = "Print the summary as JSON and nothing else.")
  private boolean json;

  DemoCommand() {}

  @Override
  public Integer call() throws Exception {
    int subtasks =
        parallelism == null ? Math.min(8, Runtime.getRuntime().availableProcessors()) : parallelism;
    if (subtasks < 1 || subtasks > 64) {
      throw new ParameterException(
          spec.commandLine(), "--parallelism is " + subtasks + ", choose 1 to 64");
    }
    long begunNs = System.nanoTime();
    Terminal progress = new Terminal(spec.commandLine().getErr(), System.console() != null);
    List<DemoPage> pages = DemoPage.shipped();
    Path folder = models == null ? out.resolve("models") : models;
    OcrModels ocr = new OcrModelFiles(folder, name -> progress.step("importing " + name)).prepare();
    DemoResult result =
        Demo.onCpu(ocr, new StoredRunners(RunnerOptions.standard()), subtasks, TIMEOUT)
            .run(pages, Arrivals.poisson(pages.size(), 4, 1), progress);
    progress.end();
    ObjectNode summary = DemoFiles.summary(result, (System.nanoTime() - begunNs) / 1e9);
    DemoFiles.write(out, result, summary);
    PrintWriter printer = spec.commandLine().getOut();
    if (json) {
      printer.println(summary.toPrettyString());
    } else {
      print(printer, result, summary);
    }
    return exitCode(result);
  }

  private static int exitCode(DemoResult result) {
    if (result.complete()) {
      return CommandLine.ExitCode.OK;
    }
    long missing = result.pages().stream().filter(page -> page.result().isEmpty()).count();
    throw new SluiceException(
        ErrorCode.SLUICE_STAGE_FAILED,
        missing + " of " + result.pages().size() + " pages were not read",
        "demo",
        result.deadLetters().stream()
            .findFirst()
            .map(DemoCommand::reason)
            .orElse("there is no dead letter: run again with SLUICE_DEBUG=1"));
  }

  private static String reason(DeadLetter letter) {
    return "the first dead letter says: " + letter.getCode() + ": " + letter.getThing();
  }

  private void print(PrintWriter printer, DemoResult result, ObjectNode summary) {
    printer.printf(Locale.ROOT, "%-12s %6s %9s  %s%n", "page", "lines", "accuracy", "text found");
    for (DemoResult.Answered page : result.pages()) {
      printer.printf(
          Locale.ROOT,
          "%-12s %6d %8.2f%%  %s%n",
          page.page().name(),
          page.result().map(r -> r.getLines().size()).orElse(0),
          100 * page.accuracy().value(),
          page.result().map(DemoCommand::shortened).orElse("(dead letter)"));
    }
    printer.println();
    printer.printf(
        Locale.ROOT, "%-20s %8s %12s %14s%n", "stage", "packets", "ms measured", "ms per packet");
    for (StageTimes stage : result.stages()) {
      printer.printf(
          Locale.ROOT,
          "%-20s %8d %12.1f %14.3f%n",
          stage.stage(),
          stage.packets(),
          stage.busyNs() / 1e6,
          stage.msPerPacket());
    }
    printer.println();
    printer.printf(
        Locale.ROOT,
        "character accuracy (float) %.2f%% of %d characters on %d pages%n",
        100 * result.accuracy().value(),
        result.accuracy().characters(),
        result.pages().size());
    printer.printf(
        Locale.ROOT,
        "%.2f pages/s measured (%.1f s for the job with %d subtasks a stage, %.1f s in all)%n",
        result.pagesPerSecond(),
        result.jobSeconds(),
        result.parallelism(),
        summary.get("totalSecondsMeasured").asDouble());
    printer.printf("results in %s%n", out);
  }

  private static String shortened(InferenceResult result) {
    String text = result.getText().replaceAll("\\s+", " ").strip();
    int end =
        text.offsetByCodePoints(0, Math.min(SHOWN_CHARS, text.codePointCount(0, text.length())));
    return end == text.length() ? text : text.substring(0, end) + " ...";
  }

  /** One line that is written over, on a terminal; nothing elsewhere. */
  private static final class Terminal implements Progress {
    private static final String CLEAR = "\r\u001B[K";

    private final PrintWriter err;
    private final boolean shown;

    Terminal(PrintWriter err, boolean shown) {
      this.err = err;
      this.shown = shown;
    }

    @Override
    public void step(String what) {
      show(what + " ...");
    }

    @Override
    public void answered(int pages, int of) {
      show(pages + " of " + of + " pages answered");
    }

    void end() {
      show("");
    }

    private void show(String line) {
      if (shown) {
        err.print(CLEAR + line);
        err.flush();
      }
    }
  }
}
