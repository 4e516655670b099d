package io.sluice.vart;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order in which the subgraphs of a graph run, and the tensors that cross their borders.
 * Constants belong to whoever reads them and never cross. USER subgraphs, which only stand for what
 * the caller gives, and subgraphs whose results nobody reads are left out.
 */
final class StagePlan {
  /**
   * Ops that run together on one device.
   *
   * @param ops in any order
   */
  record Part(String name, String device, Set<Op> ops) {}

  private StagePlan() {}

  /**
   * @return stages, each after those that it reads from
   * @throws SluiceException VART_GRAPH_ERROR if the graph has no output, if an op is in no part or
   *     in two, or if parts wait for each other
   */
  static List<Stage> of(Graph graph, List<Part> parts) {
    Set<Op> results = new LinkedHashSet<>(graph.outputs());
    if (results.isEmpty()) {
      throw bad(graph, "no op computes an output", "give it an op that reads an input");
    }
    Map<Op, Integer> owners = owners(graph, parts);
    List<Set<Op>> inputs = sets(parts.size());
    List<Set<Op>> outputs = sets(parts.size());
    List<Set<Integer>> waitsFor = sets(parts.size());
    for (Op op : graph.topologicalOrder()) {
      if (isConst(op) || isInput(op)) {
        continue;
      }
      int owner = owners.get(op);
      if (results.contains(op)) {
        outputs.get(owner).add(op);
      }
      for (Op in : op.allInputs()) {
        if (isConst(in)) {
          continue;
        }
        if (isInput(in)) {
          inputs.get(owner).add(in);
        } else if (owners.get(in) != owner) {
          inputs.get(owner).add(in);
          outputs.get(owners.get(in)).add(in);
          waitsFor.get(owner).add(owners.get(in));
        }
      }
    }
    List<Stage> order = new ArrayList<>();
    for (int i : order(graph, parts, waitsFor)) {
      if (!outputs.get(i).isEmpty()) {
        Part part = parts.get(i);
        order.add(
            new Stage(
                part.name(),
                part.device(),
                graph,
                part.ops(),
                List.copyOf(inputs.get(i)),
                List.copyOf(outputs.get(i))));
      }
    }
    return List.copyOf(order);
  }

  private static boolean isConst(Op op) {
    return op.inputs().values().stream().allMatch(List::isEmpty) && !isInput(op);
  }

  private static boolean isInput(Op op) {
    return op.type().equals("data") || op.type().equals("data-fix");
  }

  private static Map<Op, Integer> owners(Graph graph, List<Part> parts) {
    Map<Op, Integer> owners = new HashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      for (Op op : parts.get(i).ops()) {
        Integer other = owners.put(op, i);
        if (other != null && !isConst(op)) {
          throw bad(
              graph,
              String.format(
                  "op '%s' is in subgraphs '%s', '%s'",
                  op.name(), parts.get(other).name(), parts.get(i).name()),
              "give every op one subgraph");
        }
      }
    }
    for (Op op : graph.ops()) {
      if (!owners.containsKey(op) && !isConst(op) && !isInput(op)) {
        throw bad(graph, "op '" + op.name() + "' is in no subgraph", "partition the whole graph");
      }
    }
    return owners;
  }

  /** Takes, again and again, the first listed part that waits for none that is left. */
  private static List<Integer> order(Graph graph, List<Part> parts, List<Set<Integer>> waitsFor) {
    Set<Integer> done = new LinkedHashSet<>();
    while (done.size() < parts.size()) {
      int next = 0;
      while (done.contains(next) || !done.containsAll(waitsFor.get(next))) {
        if (++next == parts.size()) {
          List<String> left = new ArrayList<>();
          for (int i = 0; i < parts.size() && left.size() < 8; i++) {
            if (!done.contains(i)) {
              left.add(parts.get(i).name());
            }
          }
          throw bad(
              graph,
              "subgraphs wait for each other: " + left,
              "partition it so that no subgraph reads its own result");
        }
      }
      done.add(next);
    }
    return List.copyOf(done);
  }

  private static <T> List<Set<T>> sets(int count) {
    List<Set<T>> sets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sets.add(new LinkedHashSet<>());
    }
    return sets;
  }

  private static SluiceException bad(Graph graph, String thing, String remedy) {
    return new SluiceException(ErrorCode.VART_GRAPH_ERROR, thing, graph.toString(), remedy);
  }
}
