package io.sluice.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import io.sluice.flink.RunnerSource;
import io.sluice.flink.StoredRunners;
import io.sluice.flink.dpu.DpuPlan;
import io.sluice.flink.dpu.DpuSettings;
import io.sluice.flink.ocr.OcrDpu;
import io.sluice.flink.ocr.OcrModels;
import io.sluice.jobs.Arrivals;
import io.sluice.jobs.CompiledOcr;
import io.sluice.jobs.CompiledOcrFiles;
import io.sluice.jobs.FleetOptions;
import io.sluice.jobs.OcrGraphFolder;
import io.sluice.jobs.OcrModelFiles;
import io.sluice.jobs.demo.Demo;
import io.sluice.jobs.demo.DemoFiles;
import io.sluice.jobs.demo.DemoPage;
import io.sluice.jobs.demo.DemoReport;
import io.sluice.jobs.demo.DemoResult;
import io.sluice.jobs.demo.Progress;
import io.sluice.schemas.DeadLetter;
import io.sluice.vart.RunnerOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  private static final double NS_PER_S = 1e9;

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      defaultValue = "out/demo",
      description = "Folder of the results (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--models",
      description = "Folder of the models (default: models below the results).")
  private Path models;

  @Option(
      names = "--parallelism",
      description = "Subtasks of each stage (default: the number of processors, at most 8).")
  private Integer parallelism;

  @Mixin private FleetOptions fleetOptions;

  @Option(
      names = "--rate",
      defaultValue = "1.5",
      description = "Pages that arrive at the fleet in a second, on average (${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of the times at which they arrive (${DEFAULT-VALUE}).")
  private long seed;

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
    List<DemoPage> pages = DemoPage.shipped();
    List<Long> arrivals = Arrivals.poisson(pages.size(), rate, seed);
    Fleet fleet = fleetOptions.fleet().orElseGet(FleetFile::standard);
    DpuSettings settings = fleetOptions.settings(true);
    Terminal progress = new Terminal(spec.commandLine().getErr(), System.console() != null);
    Path folder = models == null ? out.resolve("models") : models;
    OcrModels floats =
        new OcrModelFiles(folder, name -> progress.step("importing " + name)).prepare();
    CompiledOcr compiled = CompiledOcrFiles.prepare(folder, fleet, subtasks, progress::step);
    DpuPlan plan = OcrDpu.plan(compiled.models(), fleet, settings);
    RunnerSource runners = new StoredRunners(RunnerOptions.standard());
    DemoResult onCpu =
        Demo.onCpu(floats, runners, subtasks, TIMEOUT).run(pages, arrivals, progress);
    DemoResult onDpus =
        Demo.onDpus(compiled.models(), runners, plan, subtasks, TIMEOUT)
            .run(pages, arrivals, progress);
    progress.end();
    DemoReport report = new DemoReport(onCpu, onDpus, compiled, fleet, rate, seed);
    ObjectNode summary = DemoFiles.summary(report, (System.nanoTime() - begunNs) / NS_PER_S);
    DemoFiles.write(out, onDpus, summary);
    Path graph = OcrGraphFolder.write(out.resolve("graph"), compiled.models());
    PrintWriter printer = spec.commandLine().getOut();
    if (json) {
      printer.println(summary.toPrettyString());
    } else {
      new DemoText(printer).print(report, summary);
      printer.printf("results in %s, the pipeline as a graph in %s%n", out, graph);
    }
    return exitCode(onDpus);
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
