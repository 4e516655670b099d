package io.sluice.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.dpu.exact.ExactEngine;
import io.sluice.jobs.bench.EngineBenchmark;
import io.sluice.jobs.bench.EngineResult;
import io.sluice.jobs.bench.Int8Result;
import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Times the exact engine beside ONNX Runtime. */
@Command(
    name = "engine",
    description =
        "Time the exact engine beside ONNX Runtime's float and its own INT8 (u8s8 and s8s8) on the"
            + " same network, in turn; all times are measured. A sample is first compared with the"
            + " reference at every border; mismatches of INT8 are outputs that are not the DPU's."
            + " The kernels that INT8 ran are counted: QLinearConv is a convolution of integers,"
            + " Conv one of floats.")
final class BenchEngineCommand implements Callable<Integer> {
  private static final int MAX_ROUNDS = 10_000;
  private static final int MAX_THREADS = 256;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL.onnx",
      description = "A float network; may be given several times.")
  private List<Path> models = new ArrayList<>();

  @Mixin private InputShapes inputShapes;

  @Option(
      names = "--target",
      paramLabel = "T",
      defaultValue = "DPUCZDX8G_ISA1_B4096",
      description = "For which it is compiled (${DEFAULT-VALUE}).")
  private String target;

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that one op is spread over; may be a list (${DEFAULT-VALUE}).")
  private List<Integer> threads = new ArrayList<>();

  @Option(
      names = "--rounds",
      defaultValue = "25",
      description = "Rounds that are measured; each runs all in turn (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of calibration data and inputs (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw usage("--rounds is " + rounds + ", choose 1 to " + MAX_ROUNDS);
    }
    if (threads.stream().anyMatch(n -> n < 1 || n > MAX_THREADS)) {
      throw usage("--threads is " + threads + ", choose 1 to " + MAX_THREADS);
    }
    DpuTarget resolved = Targets.builtIn().resolve(target);
    Map<String, int[]> shapes = inputShapes.shapes();
    List<EngineResult> results = new ArrayList<>();
    for (Path model : models) {
      for (int n : threads) {
        try (EngineBenchmark benchmark = new EngineBenchmark(model, shapes, resolved, n, seed)) {
          results.add(benchmark.run(rounds));
        }
      }
    }
    print(results);
    return results.stream().allMatch(r -> r.mismatches() == 0) ? 0 : 1;
  }

  private void print(List<EngineResult> results) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          new ObjectMapper()
              .writeValueAsString(Map.of("exactSums", exactSums(), "results", results)));
      return;
    }
    out.printf("medians of %d rounds in ms, measured; seed %d; %s%n", rounds, seed, target);
    out.printf("the exact engine does its sums in %s on this machine%n", exactSums());
    String row = "%-36s %7s %-6s %10s %7s %11s%n";
    out.printf(row, "network", "threads", "form", "ms", "ratio", "mismatches");
    for (EngineResult r : results) {
      out.printf(row, r.model(), r.threads(), "float", decimals(r.floatMs()), "1.00", "");
      out.printf(row, "", "", "exact", decimals(r.exactMs()), decimals(r.ratio()), r.mismatches());
      for (Int8Result int8 : r.int8()) {
        String time = decimals(int8.ms());
        out.printf(row, "", "", int8.form(), time, decimals(int8.ratio()), int8.mismatches());
      }
      r.int8().forEach(int8 -> out.printf("  %s ran %s%n", int8.form(), kernels(int8)));
      out.printf("  u8s8 and s8s8 differ in %d outputs%n", r.int8Disagreements());
      r.refused().forEach((op, why) -> out.printf("  in the reference: %s: %s%n", op, why));
    }
  }

  private String exactSums() {
    return ExactEngine.sums(threads.get(0)).name().toLowerCase(Locale.ROOT);
  }

  private static String decimals(double number) {
    return String.format(Locale.ROOT, "%.2f", number);
  }

  private static String kernels(Int8Result int8) {
    return int8.kernels().entrySet().stream()
        .map(kernel -> kernel.getKey() + " " + kernel.getValue())
        .collect(Collectors.joining(", "));
  }

  private ParameterException usage(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
