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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Builds and compiles a calibrated network at one input size.
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
    CompiledModel compiled =
        Compiler.compile(quantized.graph(), Targets.builtIn().byName(target));
    String uri = out + "-" + size + ".xmodel";
    Files.write(uri, XModel.toBytes(compiled.graph()));
    Map<String, Object> entry = new TreeMap<>();
    entry.put("size", size);
    entry.put("file", uri);
    entry.put("dpuMacShare", compiled.dpuMacShare());
    entry.put("onCpu", onCpu(compiled));
    entry.put("warnings", quantized.warnings());
    return new ObjectMapper().writeValueAsString(entry);
  }

  /** Why ops stay on the CPU: a rule, for how many ops it holds, their part of the MACs. */
  private static List<String> onCpu(CompiledModel compiled) {
    double all = Math.max(1, compiled.placements().stream().mapToLong(OpPlacement::macs).sum());
    Map<String, List<OpPlacement>> byRule = new TreeMap<>();
    for (OpPlacement p : compiled.placements()) {
      if (p.device() == Device.CPU && !p.rule().isEmpty()) {
        byRule
            .computeIfAbsent(p.rule() + " (" + p.type() + ")", k -> new java.util.ArrayList<>())
            .add(p);
      }
    }
    return byRule.entrySet().stream()
        .map(
            e ->
                String.format(
                    Locale.ROOT,
                    "%s: %d ops, %.2f%% of the multiply-accumulates; %s: %s",
                    e.getKey(),
                    e.getValue().size(),
                    100 * e.getValue().stream().mapToLong(OpPlacement::macs).sum() / all,
                    e.getValue().get(0).name(),
                    e.getValue().get(0).reason()))
        .toList();
  }
}
