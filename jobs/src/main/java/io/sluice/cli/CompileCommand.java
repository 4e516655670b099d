package io.sluice.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.compile.Compilation;
import io.sluice.compile.CompileOptions;
import io.sluice.compile.CompiledModel;
import io.sluice.compile.Compiler;
import io.sluice.compile.Device;
import io.sluice.compile.OpPlacement;
import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import io.sluice.xir.XModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compiles a quantized model for a target. */
@Command(
    name = "compile",
    description = "Compile a quantized model for a DPU target and say what stays on the CPU.")
final class CompileCommand implements Callable<Integer> {
  private static final double NS_PER_S = 1e9;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "QUANTIZED.xmodel", description = "The quantizer's output.")
  private Path input;

  @Option(
      names = "--target",
      required = true,
      paramLabel = "T",
      description = "A target's name, its fingerprint (0x...), or an arch.json.")
  private String target;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The XMODEL to write.")
  private Path out;

  @Option(
      names = "--options",
      paramLabel = "JSON",
      defaultValue = "{}",
      description = {
        "As JSON texts:",
        "input_shape (\"1,224,224,3\"),",
        "output_ops (\"a,b\"),",
        "plugins (\"a,b\": compiler plugins on the class path, in the order in which they take ops),",
        "cacheDir (a folder: what was compiled before is taken from there),",
        "cacheKey (the model's folder in it; its SHA-256 if not given)."
      })
  private String options;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    CompileOptions parsed = CompileOptions.parse(options);
    DpuTarget resolved = Targets.builtIn().resolve(target);
    long start = System.nanoTime();
    Compilation compiled = Compiler.compile(XModel.read(input), resolved, parsed);
    XModel.write(compiled.model().graph(), out);
    double seconds = (System.nanoTime() - start) / NS_PER_S;
    compiled.notices().forEach(spec.commandLine().getErr()::println);
    PrintWriter writer = spec.commandLine().getOut();
    if (json) {
      writer.println(new ObjectMapper().writeValueAsString(document(compiled, seconds)));
    } else {
      print(compiled, seconds, writer);
    }
    return 0;
  }

  private static Map<String, Object> document(Compilation compiled, double seconds) {
    CompiledModel model = compiled.model();
    List<Map<String, Object>> subgraphs = new ArrayList<>();
    for (CompiledModel.SubgraphSummary s : model.subgraphs()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", s.name());
      entry.put("device", s.device());
      entry.put("superlayers", s.superlayers());
      entry.put("workload", s.workload());
      entry.put("workloadOnArch", s.workloadOnArch());
      entry.put("instructions", 0);
      entry.put("ddrBytes", s.ddrBytes());
      subgraphs.add(entry);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("target", model.target().name());
    document.put("fingerprint", model.target().fingerprint().toString());
    document.put("dpuMacShare", model.dpuMacShare());
    document.put("subgraphs", subgraphs);
    document.put("ops", model.placements());
    document.put("seconds", seconds);
    document.put("fromCache", compiled.fromCache());
    document.put("compileSeconds", compiled.compileSeconds());
    return document;
  }

  private void print(Compilation compiled, double seconds, PrintWriter writer) {
    CompiledModel model = compiled.model();
    writer.printf("%s for %s %s%n", input, model.target().name(), model.target().fingerprint());
    for (CompiledModel.SubgraphSummary s : model.subgraphs()) {
      writer.printf(
          Locale.ROOT,
          "%-4s %-60s %4d superlayers %14d ops%n",
          s.device(),
          s.name(),
          s.superlayers(),
          s.workload());
    }
    for (OpPlacement p : model.placements()) {
      boolean explained = p.device() == Device.CPU || p.device() == Device.PLUGIN;
      if (explained && !p.rule().isEmpty()) {
        String device = model.subgraphs().get(p.subgraph()).device();
        writer.printf("%-4s %s (%s): %s: %s%n", device, p.name(), p.type(), p.rule(), p.reason());
      }
    }
    writer.printf(
        Locale.ROOT,
        "%.1f%% of the multiply-accumulates on the DPU; %.2f s%s%n",
        100 * model.dpuMacShare(),
        seconds,
        compiled.fromCache()
            ? String.format(
                Locale.ROOT,
                ", from the cache: compiling took %.2f s the first time",
                compiled.compileSeconds())
            : "");
  }
}
