package io.sluice.jobs.quantize;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.compile.CompiledModel;
import io.sluice.compile.Compiler;
import io.sluice.compile.Device;
import io.sluice.compile.OpPlacement;
import io.sluice.quantize.Calibration;
import io.sluice.quantize.QuantizedModel;
import io.sluice.target.Targets;
import io.sluice.xir.XModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Builds and compiles a calibrated network at one input size; writes the model and a report.
 *
 * @param network what was calibrated
 * @param state the decisions of the last round
 * @param target the name of what to compile for
 * @param out the start of the files' URIs
 */
record CompileSize(NetworkSpec network, String state, String target, String out)
    implements MapFunction<String, String> {
  @Override
  public String map(String size) throws Exception {
    QuantizedModel quantized =
        Calibration.resume(List.of(network.graph(size)), network.config(), Files.read(state))
            .models()
            .get(0);
    CompiledModel compiled = Compiler.compile(quantized.graph(), Targets.builtIn().byName(target));
    String uri = out + "-" + size + ".xmodel";
    Files.write(uri, XModel.toBytes(compiled.graph()));
    Map<String, Object> entry = new TreeMap<>();
    entry.put("size", size);
    entry.put("file", uri);
    entry.put("dpuMacShare", compiled.dpuMacShare());
    entry.put("onCpu", onCpu(compiled));
    entry.put("warnings", quantized.warnings());
    Files.write(report(out, size), new ObjectMapper().writeValueAsBytes(entry));
    return size;
  }

  /** Where the report of a size goes. */
  static String report(String out, String size) {
    return out + "-" + size + ".json";
  }

  /**
   * Why ops stay on the CPU: a sentence for each rule, with how many ops it holds for and their
   * part of the multiply-accumulates, largest first. The {@code fix} behind an op is not told
   * apart.
   */
  private static List<String> onCpu(CompiledModel compiled) {
    Map<String, List<OpPlacement>> byRule = new TreeMap<>();
    for (OpPlacement p : compiled.placements()) {
      if (p.device() == Device.CPU && !p.rule().isEmpty() && !p.type().equals("fix")) {
        byRule.computeIfAbsent(p.rule(), rule -> new ArrayList<>()).add(p);
      }
    }
    double all = Math.max(1, macs(compiled.placements()));
    return byRule.values().stream()
        .sorted(Comparator.comparingLong(CompileSize::macs).thenComparingInt(List::size).reversed())
        .map(ops -> sentence(ops, macs(ops) / all))
        .toList();
  }

  private static String sentence(List<OpPlacement> ops, double share) {
    Map<String, Long> types =
        ops.stream()
            .collect(Collectors.groupingBy(OpPlacement::type, TreeMap::new, Collectors.counting()));
    String counted =
        types.entrySet().stream()
            .map(type -> type.getValue() + " " + type.getKey())
            .collect(Collectors.joining(", "));
    OpPlacement first = ops.get(0);
    return String.format(
        Locale.ROOT,
        "%s, %.2f%% of the multiply-accumulates: %s: %s",
        counted,
        100 * share,
        first.rule(),
        ops.size() == 1 ? first.reason() : "e.g. '" + first.name() + "': " + first.reason());
  }

  private static long macs(List<OpPlacement> ops) {
    return ops.stream().mapToLong(OpPlacement::macs).sum();
  }
}
