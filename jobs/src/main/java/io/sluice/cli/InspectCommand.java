package io.sluice.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.compile.Device;
import io.sluice.compile.OpPlacement;
import io.sluice.inspect.Inspection;
import io.sluice.onnx.OnnxImporter;
import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import io.sluice.xir.Graph;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a target would run of a float model. */
@Command(
    name = "inspect",
    description = "What a target would run of a float model, and why the rest is on the CPU.")
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL.onnx", description = "The float model.")
  private Path model;

  @Option(
      names = "--target",
      required = true,
      paramLabel = "T",
      description = "A target's name, its fingerprint (0x...), an arch.json, or 'all'.")
  private String target;

  @Mixin private InputShapes inputShapes;

  @Option(names = "--out", paramLabel = "DIR", description = "For TARGET.txt and TARGET.svg.")
  private Path out;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Map<String, int[]> shapes = inputShapes.shapes();
    boolean all = target.equals("all");
    Targets known = Targets.builtIn();
    List<DpuTarget> targets = all ? known.all() : List.of(known.resolve(target));
    Graph graph = OnnxImporter.importModel(model, shapes);
    List<Inspection> seen = targets.stream().map(t -> Inspection.of(graph, t)).toList();
    if (out != null) {
      Files.createDirectories(out);
      for (Inspection one : seen) {
        Files.writeString(out.resolve(one.target().name() + ".txt"), text(one));
        Files.writeString(out.resolve(one.target().name() + ".svg"), one.svg(graph));
      }
    }
    PrintWriter writer = spec.commandLine().getOut();
    if (json) {
      Object document =
          all
              ? Map.of("targets", seen.stream().map(InspectCommand::document).toList())
              : document(seen.get(0));
      writer.println(new ObjectMapper().writeValueAsString(document));
    } else if (all) {
      writer.print(InspectTable.of(seen));
    } else {
      writer.print(text(seen.get(0)));
    }
    return 0;
  }

  private static Map<String, Object> document(Inspection seen) {
    List<Map<String, Object>> ops = new ArrayList<>();
    for (OpPlacement p : seen.ops()) {
      Map<String, Object> op = new LinkedHashMap<>();
      op.put("name", p.name());
      op.put("type", p.type());
      op.put("device", p.device().name());
      op.put("subgraph", p.subgraph());
      op.put("rule", p.rule());
      op.put("reason", p.reason());
      op.put("hint", seen.hint(p));
      op.put("limits", seen.limits().getOrDefault(p.name(), List.of()));
      op.put("macs", p.macs());
      ops.add(op);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("target", seen.target().name());
    document.put("dpuMacShare", seen.dpuMacShare());
    document.put("dpuSubgraphs", seen.dpuSubgraphs());
    document.put("ops", ops);
    return document;
  }

  private static String summary(Inspection seen) {
    return String.format(
        Locale.ROOT,
        "%s: %.1f%% of the multiply-accumulates on the DPU, %d ops there in %d subgraphs,"
            + " %d ops on the CPU",
        seen.target().name(),
        100 * seen.dpuMacShare(),
        seen.opsOn(Device.DPU),
        seen.dpuSubgraphs(),
        seen.opsOn(Device.CPU));
  }

  private static String text(Inspection seen) {
    StringBuilder text = new StringBuilder();
    for (OpPlacement p : seen.ops()) {
      text.append(String.format("%-4s %s (%s)", p.device(), p.name(), p.type()));
      if (!p.rule().isEmpty()) {
        text.append(": " + p.rule() + ": " + p.reason() + "; " + seen.hint(p));
      }
      text.append('\n');
    }
    return text.append(summary(seen)).append('\n').toString();
  }
}
