package io.sluice.zoo;

import io.sluice.compile.CompiledModel;
import io.sluice.compile.Compiler;
import io.sluice.compile.Device;
import io.sluice.compile.OpPlacement;
import io.sluice.target.DpuTarget;
import io.sluice.xir.Graph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the compiler makes of a network for a target: a row of the zoo's table. The compiled graph
 * is not kept, as some have hundreds of megabytes of weights.
 */
record ZooRow(
    String network,
    String target,
    double dpuMacShare,
    long dpuSubgraphs,
    List<OpPlacement> placements,
    double compileSecondsMeasured) {
  private static final double NS_PER_S = 1e9;

  static ZooRow of(String network, Graph quantized, DpuTarget target) {
    long start = System.nanoTime();
    CompiledModel model = Compiler.compile(quantized, target);
    double seconds = (System.nanoTime() - start) / NS_PER_S;
    long parts = model.subgraphs().stream().filter(s -> s.device().equals("DPU")).count();
    return new ZooRow(
        network, target.name(), model.dpuMacShare(), parts, model.placements(), seconds);
  }

  /** What the CPU runs, but not the conversions at its borders. */
  List<OpPlacement> cpuOps() {
    return placements.stream()
        .filter(p -> p.device() == Device.CPU && !p.type().equals("fix"))
        .toList();
  }

  List<OpPlacement> onDpu(String type) {
    return placements.stream()
        .filter(p -> p.device() == Device.DPU && p.type().equals(type))
        .toList();
  }

  /** Each type of op with the rule that keeps it off the DPU, and how many there are. */
  Map<String, Integer> cpuReasons() {
    Map<String, Integer> reasons = new LinkedHashMap<>();
    cpuOps()
        .forEach(
            p ->
                reasons.merge(
                    p.type() + (p.rule().isEmpty() ? "" : ": " + p.rule()), 1, Integer::sum));
    return reasons;
  }

  static String markdownHead() {
    return "| network | target | DPU share of MACs | DPU subgraphs | CPU ops: rule (count) | compile s |\n"
        + "|---|---|---|---|---|---|";
  }

  String markdown() {
    String reasons =
        cpuReasons().entrySet().stream()
            .map(e -> e.getKey() + " (" + e.getValue() + ")")
            .collect(Collectors.joining("; "));
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.4f | %d | %s | %.2f |",
        network,
        target,
        dpuMacShare,
        dpuSubgraphs,
        reasons.isEmpty() ? "none" : reasons,
        compileSecondsMeasured);
  }
}
