package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The checks of a graph's edges: that no node stands alone, none waits for itself, and every one is
 * reached from where jobs come in.
 *
 * @param parents of each node, in the order of the graph
 * @param order the nodes, each after its parents, otherwise in the order of the graph
 */
record GraphShape(List<List<Integer>> parents, List<Integer> order) {

  /**
   * @throws SluiceException SLUICE_GRAPH_NODE_ISOLATED, SLUICE_GRAPH_CYCLE,
   *     SLUICE_GRAPH_INPUT_UNKNOWN or SLUICE_GRAPH_START_UNREACHED
   */
  static GraphShape of(GraphFile graph) {
    List<GraphFile.Node> nodes = graph.nodes();
    List<List<Integer>> parents = new ArrayList<>();
    nodes.forEach(node -> parents.add(new ArrayList<>()));
    for (int from = 0; from < nodes.size(); from++) {
      for (int to : nodes.get(from).next()) {
        parents.get(to).add(from);
      }
    }
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.size() > 1 && parents.get(i).isEmpty() && nodes.get(i).next().isEmpty()) {
        throw nodes
            .get(i)
            .at()
            .bad(
                ErrorCode.SLUICE_GRAPH_NODE_ISOLATED,
                "node '" + nodes.get(i).name() + "' has neither parent nor successor",
                "connect it by next_node, or remove it");
      }
    }
    List<Integer> order = order(graph, parents);
    requireStarts(graph, parents);
    return new GraphShape(parents, order);
  }

  private static List<Integer> order(GraphFile graph, List<List<Integer>> parents) {
    int[] waiting = parents.stream().mapToInt(List::size).toArray();
    Deque<Integer> ready = new ArrayDeque<>();
    for (int i = 0; i < waiting.length; i++) {
      if (waiting[i] == 0) {
        ready.add(i);
      }
    }
    List<Integer> order = new ArrayList<>();
    while (!ready.isEmpty()) {
      int node = ready.remove();
      order.add(node);
      for (int next : graph.nodes().get(node).next()) {
        if (--waiting[next] == 0) {
          ready.add(next);
        }
      }
    }
    if (order.size() < waiting.length) {
      throw cycle(graph, parents, waiting);
    }
    return order;
  }

  /** Goes back from a node that waits for ever, to parents that do too, until one comes again. */
  private static SluiceException cycle(
      GraphFile graph, List<List<Integer>> parents, int[] waiting) {
    int node = 0;
    while (waiting[node] == 0) {
      node++;
    }
    List<Integer> path = new ArrayList<>();
    while (!path.contains(node)) {
      path.add(node);
      node = parents.get(node).stream().filter(p -> waiting[p] > 0).findFirst().orElseThrow();
    }
    List<String> names = new ArrayList<>();
    for (int i = path.size() - 1; i >= path.indexOf(node); i--) {
      names.add(graph.nodes().get(path.get(i)).name());
    }
    names.add(0, graph.nodes().get(node).name());
    return graph
        .nodes()
        .get(node)
        .at()
        .bad(
            ErrorCode.SLUICE_GRAPH_CYCLE,
            "a cycle " + String.join(" -> ", names),
            "remove one of its edges");
  }

  private static void requireStarts(GraphFile graph, List<List<Integer>> parents) {
    List<GraphFile.Node> nodes = graph.nodes();
    Set<String> named = new HashSet<>(graph.options().inputs());
    for (String name : graph.options().inputs()) {
      int index = indexOf(nodes, name);
      if (index < 0 || !parents.get(index).isEmpty()) {
        throw new JsonAt(graph.at().file(), "$.sluice.inputs", graph.at().value())
            .bad(
                ErrorCode.SLUICE_GRAPH_INPUT_UNKNOWN,
                index < 0 ? "no node '" + name + "'" : "node '" + name + "' has a parent",
                "name nodes without parents");
      }
    }
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (parents.get(i).isEmpty()) {
        starts.add(i);
      }
    }
    if (starts.size() == 1 && named.isEmpty()) {
      return;
    }
    for (int start : starts) {
      GraphFile.Node node = nodes.get(start);
      if (!named.contains(node.name())) {
        throw node.at()
            .bad(
                ErrorCode.SLUICE_GRAPH_START_UNREACHED,
                "node '"
                    + node.name()
                    + "' is reached by no job: of "
                    + starts.size()
                    + " nodes without a parent AKS runs only the last",
                "connect it, or name all nodes that get the job's input in sluice.inputs");
      }
    }
  }

  private static int indexOf(List<GraphFile.Node> nodes, String name) {
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
