package io.sluice.compile;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Subgraph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Lets plugins pick, one after the other. Each gets a copy of the graph with a subgraph for every
 * op and for what earlier ones took, and its choice is kept by the names of ops: nothing else that
 * it does to the copy matters.
 */
final class PluginPass {
  private static final Set<String> OTHERS = Set.of("USER", "DPU", "CPU");

  private PluginPass() {}

  /**
   * @return parts that do not overlap, none of which needs its own result
   * @throws SluiceException XIR_SUBGRAPH_HAS_CYCLE if one would, SLUICE_PLUGIN_FAILED if a plugin
   *     throws something untyped or returns what it may not take; both name the plugin
   */
  static List<PluginPart> partition(Graph graph, List<CompilerPlugin> plugins) {
    List<PluginPart> parts = new ArrayList<>();
    for (CompilerPlugin plugin : plugins) {
      Graph copy = QuantizedGraph.copy(graph);
      List<Subgraph> taken = divide(copy, parts);
      call(
          plugin,
          () -> {
            List<Subgraph> picked = plugin.partition(new PluginGraph(copy, taken));
            requireUntouched(parts, taken, plugin);
            for (Subgraph one : new LinkedHashSet<>(nonNull(picked, plugin))) {
              if (!taken.contains(one)) { // the first plugin that wants it has it
                parts.add(part(plugin, one, graph, copy));
              }
            }
            return divide(QuantizedGraph.copy(graph), parts);
          });
    }
    return parts;
  }

  private static Collection<Subgraph> nonNull(Collection<Subgraph> picked, CompilerPlugin plugin) {
    if (picked == null || picked.stream().anyMatch(one -> one == null)) {
      throw bad(plugin, "it returned null", "return a list of subgraphs");
    }
    return picked;
  }

  /** A subgraph for each part and each other op; those of the parts. */
  private static List<Subgraph> divide(Graph graph, List<PluginPart> parts) {
    List<List<Op>> groups = new ArrayList<>();
    Set<Op> grouped = new HashSet<>();
    for (PluginPart part : parts) {
      List<Op> ops = part.ops().stream().map(graph::op).toList();
      groups.add(ops);
      grouped.addAll(ops);
    }
    graph.ops().stream().filter(op -> !grouped.contains(op)).map(List::of).forEach(groups::add);
    graph.root().createChildren(groups);
    List<Subgraph> taken = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      Subgraph subgraph = graph.root().leafOf(groups.get(i).get(0));
      subgraph.setName(parts.get(i).name());
      subgraph.setAttrs(parts.get(i).attrs());
      taken.add(subgraph);
    }
    return taken;
  }

  private static void requireUntouched(
      List<PluginPart> parts, List<Subgraph> taken, CompilerPlugin plugin) {
    for (int i = 0; i < taken.size(); i++) {
      Set<String> now = new HashSet<>();
      taken.get(i).ops().forEach(op -> now.add(op.name()));
      if (!now.equals(parts.get(i).ops())) {
        throw bad(
            plugin,
            "it changed subgraph '"
                + parts.get(i).name()
                + "' of plugin '"
                + parts.get(i).plugin().name()
                + "'",
            "take what filters give");
      }
    }
  }

  private static PluginPart part(
      CompilerPlugin plugin, Subgraph subgraph, Graph source, Graph copy) {
    if (subgraph.graph() != copy || !copy.root().children().contains(subgraph)) {
      throw bad(plugin, subgraph + " is no child of the root", "return what filters give");
    }
    Set<String> names = new LinkedHashSet<>();
    for (Op op : subgraph.ops()) {
      if (!source.has(op.name())) {
        throw bad(plugin, "op '" + op.name() + "' is its own", "add ops in compile()");
      }
      if (NodeGraph.isInput(op)) {
        throw bad(plugin, "input '" + op.name() + "' is the caller's", "leave inputs out");
      }
      if (!FixPositions.isConst(source.op(op.name()))) {
        names.add(op.name());
      }
    }
    if (names.isEmpty()) {
      throw bad(plugin, subgraph + " has constants only", "take ops that compute");
    }
    requireRunner(plugin, subgraph);
    Attrs attrs = subgraph.attrs();
    return new PluginPart(plugin, names, subgraph.name(), attrs);
  }

  /** Checks the attributes by which a runner is found. */
  static void requireRunner(CompilerPlugin plugin, Subgraph subgraph) {
    Attrs attrs = subgraph.attrs();
    boolean ownDevice =
        subgraph.device().filter(name -> !name.isBlank() && !OTHERS.contains(name)).isPresent();
    boolean runner =
        attrs.has("runner")
            && attrs.get("runner").value() instanceof Map<?, ?> map
            && map.get("run") instanceof String;
    if (!ownDevice || !runner) {
      throw bad(
          plugin,
          subgraph + " has no device of its own or no runner",
          "give it both by PluginGraph.assign");
    }
  }

  /** Runs a plugin's code, so that whatever it throws names the plugin. */
  static <T> T call(CompilerPlugin plugin, Supplier<T> code) {
    String place = "compiler plugin '" + plugin.name() + "'";
    try {
      return code.get();
    } catch (SluiceException e) {
      throw e.place().equals(place)
          ? e
          : new SluiceException(e.code(), e.thing(), place + ", " + e.place(), e.remedy(), e);
    } catch (RuntimeException | LinkageError e) {
      throw new SluiceException(
          ErrorCode.SLUICE_PLUGIN_FAILED, "it failed: " + e, place, "correct the plugin", e);
    }
  }

  static SluiceException bad(CompilerPlugin plugin, String why, String remedy) {
    return new SluiceException(
        ErrorCode.SLUICE_PLUGIN_FAILED, why, "compiler plugin '" + plugin.name() + "'", remedy);
  }
}
