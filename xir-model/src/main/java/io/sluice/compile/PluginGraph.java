package io.sluice.compile;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Subgraph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What a {@link CompilerPlugin} may choose from: the graph with a subgraph for each op, and the
 * helpers of the guide to filter and merge them. Inputs, constants, and what an earlier plugin took
 * are not to be had. Lists are in topological order.
 */
public final class PluginGraph {
  private final Graph graph;
  private final Set<Subgraph> taken;

  PluginGraph(Graph graph, Collection<Subgraph> taken) {
    this.graph = graph;
    this.taken = new HashSet<>(taken);
  }

  public Graph graph() {
    return graph;
  }

  /** The subgraphs that can still be taken. */
  public List<Subgraph> uncompiled() {
    return graph.root().children().stream().filter(this::isFree).toList();
  }

  private boolean isFree(Subgraph subgraph) {
    List<Op> ops = subgraph.ops();
    return !taken.contains(subgraph)
        && ops.stream().noneMatch(NodeGraph::isInput)
        && !ops.stream().allMatch(FixPositions::isConst);
  }

  /** The subgraph of a name, or the one that holds the op of that name. */
  public Optional<Subgraph> filterByName(String name) {
    return uncompiled().stream()
        .filter(s -> s.name().equals(name) || (graph.has(name) && s.covers(graph.op(name))))
        .findFirst();
  }

  /** The subgraphs all of whose ops, but constants, are of a type. */
  public List<Subgraph> filterByType(String type) {
    return uncompiled().stream()
        .filter(
            s -> s.ops().stream().allMatch(o -> FixPositions.isConst(o) || o.type().equals(type)))
        .toList();
  }

  /**
   * Everything of a structure, each merged into one subgraph. Of two that overlap the one that ends
   * first is found; one that cannot be merged because of a cycle is not.
   */
  public List<Subgraph> filterByTemplate(OpTemplate template) {
    Set<Subgraph> free = new HashSet<>(uncompiled());
    List<Subgraph> found = new ArrayList<>();
    for (Op op : graph.topologicalOrder()) {
      Optional<Set<Op>> match = template.match(op);
      if (match.isPresent()) {
        List<Subgraph> leaves = match.get().stream().map(graph.root()::leafOf).distinct().toList();
        if (free.containsAll(leaves)) {
          Optional<Subgraph> merged = tryMerge(leaves);
          merged.ifPresent(found::add);
          merged.ifPresent(m -> free.removeAll(leaves));
        }
      }
    }
    return found;
  }

  /** What a function of one's own chooses from all that can still be taken. */
  public List<Subgraph> filter(UnaryOperator<List<Subgraph>> choose) {
    return choose.apply(uncompiled());
  }

  /**
   * Merges subgraphs as far as possible: into one, or into as few as taking them in topological
   * order gives, if one would need its own result.
   *
   * @return what they became
   */
  public List<Subgraph> merge(Collection<Subgraph> subgraphs) {
    List<Subgraph> left = uncompiled().stream().filter(subgraphs::contains).toList();
    if (left.size() < new HashSet<>(subgraphs).size()) {
      throw new SluiceException(
          ErrorCode.XIR_SUBGRAPH_INVALID_MERGE_REQUEST_NONCHILD,
          "a subgraph to be merged cannot be taken",
          graph.toString(),
          "merge subgraphs that filters give");
    }
    Optional<Subgraph> whole = left.isEmpty() ? Optional.empty() : tryMerge(left);
    if (whole.isPresent()) {
      return List.of(whole.get());
    }
    List<Subgraph> merged = new ArrayList<>();
    for (Subgraph next : left) {
      boolean joined = false;
      for (int i = 0; i < merged.size() && !joined; i++) {
        Optional<Subgraph> both = tryMerge(List.of(merged.get(i), next));
        joined = both.isPresent();
        merged.set(i, both.orElse(merged.get(i)));
      }
      if (!joined) {
        merged.add(next);
      }
    }
    return merged;
  }

  private Optional<Subgraph> tryMerge(List<Subgraph> leaves) {
    try {
      return Optional.of(graph.root().merge(leaves));
    } catch (SluiceException e) {
      if (e.code() == ErrorCode.XIR_SUBGRAPH_HAS_CYCLE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Says who runs a subgraph.
   *
   * @param name of the subgraph in the compiled model
   * @param device a name of its own, not USER, DPU or CPU
   * @param runner {@link CompilerPlugin#CPU_RUNNER}, or what the device's runner is called
   */
  public void assign(Subgraph subgraph, String name, String device, String runner) {
    subgraph.setName(name);
    Map<String, String> runners = Map.of("ref", runner, "run", runner, "sim", runner);
    subgraph.setAttrs(
        subgraph.attrs().with("device", device).with("runner", AttrValue.ofStringMap(runners)));
  }
}
