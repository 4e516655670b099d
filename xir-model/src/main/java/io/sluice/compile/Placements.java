package io.sluice.compile;

import io.sluice.target.BrokenLimit;
import io.sluice.target.DpuTarget;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says of every op who runs it, and why not the DPU. */
final class Placements {
  private static final String WITH_INPUT = "partition.with-input";

  private Placements() {}

  /** Of a graph that was partitioned. */
  static List<OpPlacement> of(
      Graph quantized, Graph prepared, Partitioner.Partition partition, List<PluginPart> plugins) {
    Map<Op, Node> nodes = new HashMap<>();
    partition.nodes().nodes().forEach(n -> n.covers().forEach(op -> nodes.put(op, n)));
    Map<Node, Integer> subgraphs = new HashMap<>();
    for (int i = 0; i < partition.parts().size(); i++) {
      for (Node node : partition.parts().get(i).nodes()) {
        subgraphs.put(node, i);
      }
    }
    List<OpPlacement> placements = new ArrayList<>();
    for (Op source : quantized.topologicalOrder()) {
      Op op = prepared.op(source.name());
      if (!FixPositions.isConst(op)) {
        Node node = nodes.getOrDefault(op, partition.nodes().producer(op));
        placements.add(placement(op, node, subgraphs.get(node), partition, plugins));
      }
    }
    return placements;
  }

  private static OpPlacement placement(
      Op op, Node node, int subgraph, Partitioner.Partition partition, List<PluginPart> plugins) {
    String rule = "";
    String reason = "";
    Map<String, Integer> values = Map.of();
    Attempt attempt = partition.nodes().attempt(op);
    if (node.device() == Device.DPU) {
      List<String> types = node.steps().stream().map(Step::type).toList();
      reason = String.join(", ", types) + " '" + node.covers().get(0).name() + "'";
    } else if (node.device() == Device.PLUGIN) {
      PluginPart part = plugins.get(node.part());
      boolean taken = part.ops().contains(op.name());
      rule = taken ? "plugin.taken" : WITH_INPUT;
      reason =
          taken
              ? "plugin '" + part.plugin().name() + "' took it for " + part.device()
              : staysWith(node);
    } else if (node.device() == Device.CPU && partition.demoted().contains(op)) {
      rule = "partition.border";
      reason = "the DPU could run it, but too little for the borders on both sides";
    } else if (attempt != null && !attempt.lowered()) {
      rule = attempt.refusal().rule();
      reason = attempt.refusal().reason();
      values = attempt.refusal().values();
    } else if (node.device() == Device.CPU) {
      rule = WITH_INPUT;
      reason = staysWith(node);
    }
    return new OpPlacement(
        op.name(), op.type(), node.device(), subgraph, rule, reason, values, Macs.of(op));
  }

  private static String staysWith(Node node) {
    return "it changes nothing and stays with '" + node.result().name() + "'";
  }

  /** Of a graph none of whose ops a DPU could run. */
  static List<OpPlacement> unquantizable(Graph graph, DpuTarget target) {
    Lowerings lowerings = new Lowerings(target, new FixPositions());
    List<OpPlacement> placements = new ArrayList<>();
    List<Op> order = graph.topologicalOrder();
    int inputs = 0;
    int afterInputs = (int) order.stream().filter(op -> op.type().equals("data")).count();
    for (Op op : order) {
      if (op.type().equals("data")) {
        placements.add(
            new OpPlacement(op.name(), op.type(), Device.USER, inputs++, "", "", Map.of(), 0));
      } else if (!FixPositions.isConst(op)) {
        BrokenLimit why = lowerings.lower(op).refusal();
        placements.add(
            new OpPlacement(
                op.name(),
                op.type(),
                Device.CPU,
                afterInputs,
                why.rule(),
                why.reason(),
                why.values(),
                Macs.of(op)));
      }
    }
    return placements;
  }
}
