package io.sluice.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.jobs.bench.EngineBenchmark;
import io.sluice.jobs.bench.EngineResult;
import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
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
        "Time the exact engine beside ONNX Runtime's float and INT8 on the same network, in turn;"
            + " all times are measured. INT8 is the QDQ form that 'sluice quantize' writes, with"
            + " INT8 biases; ONNX Runtime computes what it has no integer kernel for in float, so"
            + " it is not the fastest INT8 that it can do.")
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
      out.println(new ObjectMapper().writeValueAsString(Map.of("results", results)));
      return;
    }
    out.printf("medians of %d rounds in ms, measured; seed %d; %s%n", rounds, seed, target);
    out.printf(
        "%-36s %7s %9s %9s %6s %9s %6s %9s %6s %10s %10s %10s%n",
        "network",
        "threads",
        "exact",
        "float",
        "ratio",
        "s8s8",
        "ratio",
        "u8s8",
        "ratio",
        "mismatches",
        "s8s8's",
        "u8s8's");
    for (EngineResult r : results) {
      out.printf(
          Locale.ROOT,
          "%-36s %7d %9.2f %9.2f %6.2f %9.2f %6.2f %9.2f %6.2f %10d %10d %10d%n",
          r.model(),
          r.threads(),
          r.exactMs(),
          r.floatMs(),
          r.ratio(),
          r.qdqMs(),
          r.qdqRatio(),
          r.u8s8Ms(),
          r.u8s8Ratio(),
          r.mismatches(),
          r.qdqMismatches(),
          r.u8s8Mismatches());
      r.refused().forEach((op, why) -> out.printf("  in the reference: %s: %s%n", op, why));
    }
  }

  private ParameterException usage(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
