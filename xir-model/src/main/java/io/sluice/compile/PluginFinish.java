package io.sluice.compile;

import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Subgraph;
import io.sluice.xir.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Lets plugins compile what they took, and holds them to it: what is outside of their subgraph, and
 * what is read of it, is afterwards as it was.
 */
final class PluginFinish {
  private final Graph graph;

  PluginFinish(Graph graph) {
    this.graph = graph;
  }

  /**
   * Of the plugins that took the parts, in their order.
   *
   * @param parts of the graph, and for each the subgraph that it became
   */
  void compile(
      List<PluginPart> plugins, List<Partitioner.Part> parts, List<SubgraphSpec> subgraphs) {
    Map<Integer, Subgraph> made = new TreeMap<>();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).device() == Device.PLUGIN) {
        Op op = subgraphs.get(i).ops().get(0);
        made.put(parts.get(i).nodes().get(0).part(), graph.root().leafOf(op));
      }
    }
    made.forEach((part, subgraph) -> compile(plugins.get(part), subgraph));
  }

  /**
   * @param subgraph a child of the root
   * @throws io.sluice.error.SluiceException SLUICE_PLUGIN_FAILED if the plugin throws something
   *     untyped or changes more than it may
   */
  private void compile(PluginPart part, Subgraph subgraph) {
    CompilerPlugin plugin = part.plugin();
    PluginPass.call(
        plugin,
        () -> {
          Set<Op> before = new HashSet<>(graph.ops());
          Map<Object, List<Object>> outside = outside(subgraph);
          plugin.compile(subgraph);
          if (subgraph.ops().isEmpty()) {
            throw PluginPass.bad(plugin, "it removed all of " + subgraph, "leave its results");
          }
          Set<Subgraph> grown = new LinkedHashSet<>(List.of(subgraph));
          graph.ops().stream()
              .filter(op -> !before.contains(op))
              .forEach(op -> grown.add(graph.root().leafOf(op)));
          graph.root().merge(grown);
          subgraph.ops().forEach(op -> op.setAttrs(op.attrs().with("device", part.device())));
          PluginPass.requireRunner(plugin, subgraph);
          boolean renamed =
              !subgraph.name().equals(part.name())
                  || !subgraph.device().orElseThrow().equals(part.device());
          if (renamed || !outside(subgraph).equals(outside)) {
            throw PluginPass.bad(
                plugin,
                "it changed its name or device, or what lies outside of " + subgraph,
                "change ops inside only, and keep type, shape and fix position of the results");
          }
          return subgraph;
        });
  }

  /** What the ops outside of a subgraph are and read, and what the caller reads. */
  private Map<Object, List<Object>> outside(Subgraph subgraph) {
    Map<Object, List<Object>> all = new HashMap<>();
    for (Op op : graph.ops()) {
      if (!subgraph.covers(op)) {
        List<Object> seen = new ArrayList<>(List.of(op.attrs(), op.output()));
        op.allInputs().forEach(in -> seen.add(described(in.output())));
        all.put(op, seen);
      }
    }
    Set<Object> results = new HashSet<>();
    graph.outputs().forEach(op -> results.add(op.output().name() + described(op.output())));
    all.put("results", List.of(results));
    return all;
  }

  private static String described(Tensor tensor) {
    return tensor.type()
        + " "
        + tensor.shape()
        + (tensor.attrs().has("fix_point") ? " at " + tensor.attrs().getInt("fix_point") : "");
  }
}
