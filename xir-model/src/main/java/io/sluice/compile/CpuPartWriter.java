package io.sluice.compile;

import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes one CPU part, or one of a plugin. Its ops stay as they are in the quantized graph, in
 * float; what comes from the DPU passes a {@code fix2float}, what goes there a {@code float2fix}.
 * Constants are copied into every part that reads them, those with a {@code fix} as the rounded
 * values.
 */
final class CpuPartWriter {
  private static final Map<String, String> RUNNERS =
      Map.of(
          "ref", CompilerPlugin.CPU_RUNNER,
          "run", CompilerPlugin.CPU_RUNNER,
          "sim", CompilerPlugin.CPU_RUNNER);

  private final GraphWriter writer;
  private final NodeGraph nodes;
  private final Borders borders;
  private final Map<Op, Op> floats = new HashMap<>();
  private final List<Op> ops = new ArrayList<>();

  CpuPartWriter(GraphWriter writer, NodeGraph nodes, Borders borders) {
    this.writer = writer;
    this.nodes = nodes;
    this.borders = borders;
  }

  SubgraphSpec write(Partitioner.Part part) {
    Op named = writeOps(part);
    Attrs attrs =
        DpuPartWriter.withWorkload(Attrs.EMPTY, Workload.NONE)
            .with("device", Device.CPU.name())
            .with("runner", AttrValue.ofStringMap(RUNNERS));
    return SubgraphSpec.leaf("subgraph_" + named.name(), Device.CPU, ops, attrs);
  }

  /** What a plugin took looks the same, but is for the plugin's device and runner. */
  SubgraphSpec write(Partitioner.Part part, PluginPart plugin) {
    writeOps(part);
    ops.forEach(op -> op.setAttrs(Taken.unmarked(op.attrs()).with("device", plugin.device())));
    Attrs attrs = DpuPartWriter.withWorkload(plugin.attrs(), Workload.NONE);
    return SubgraphSpec.leaf(plugin.name(), Device.PLUGIN, ops, attrs);
  }

  /** The op of the first node. */
  private Op writeOps(Partitioner.Part part) {
    Op named = null;
    for (Node node : part.nodes()) {
      Op op = node.isExit() ? exit(node.result()) : write(node.result());
      named = named == null ? op : named;
    }
    return named;
  }

  /** Gives the caller a result under the name that it has in the quantized graph. */
  private Op exit(Op output) {
    Op fixed = borders.fixed(nodes.value(output));
    return fixed != null
        ? own(writer.toFloat(output.output().name(), fixed))
        : own(writer.copy(output, readAll(output), Device.CPU));
  }

  private Op write(Op op) {
    boolean entersDpu = borders.entersDpu(op);
    if (FixPositions.isFix(op) && entersDpu) {
      Op source = readAll(op).get("input").get(0);
      Op fixed = own(writer.toFixed(op.name(), op.output().name(), source, nodes.position(op)));
      borders.offerFixed(op, fixed);
      return fixed;
    }
    Op copy = own(writer.copy(op, readAll(op), Device.CPU));
    floats.put(op, copy);
    borders.offerFloat(op, copy);
    if (entersDpu) {
      String name = op.name() + "_float2fix";
      Op fixed = own(writer.toFixed(name, name, copy, nodes.position(op)));
      borders.offerFixed(op, fixed);
    }
    return copy;
  }

  private Map<String, List<Op>> readAll(Op op) {
    Map<String, List<Op>> inputs = new LinkedHashMap<>();
    op.inputs().forEach((arg, from) -> inputs.put(arg, from.stream().map(this::read).toList()));
    return inputs;
  }

  private Op read(Op op) {
    Op value = nodes.value(op);
    Op known = floats.get(value);
    if (known == null) {
      known = FixPositions.isConst(value) ? constant(value) : crossing(value);
      floats.put(value, known);
    }
    return known;
  }

  private Op constant(Op op) {
    if (op.type().equals("const")) {
      return own(writer.constant(op.name(), op.constData()));
    }
    if (FixPositions.isFix(op) && op.input().type().equals("const")) {
      FixedTensor rounded = FixPositions.constant(op).orElseThrow();
      return own(writer.constant(op.name(), FixPositions.dequantized(rounded)));
    }
    return own(writer.copy(op, Map.of("input", List.of(read(op.input()))), Device.CPU));
  }

  private Op crossing(Op value) {
    Op floating = borders.floats(value);
    if (floating != null) {
      return floating;
    }
    Op fixed = borders.fixed(value);
    return own(writer.toFloat(fixed.name() + "_fix2float", fixed));
  }

  private Op own(Op op) {
    ops.add(op);
    return op;
  }
}
