package io.sluice.aks;

import io.sluice.error.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph file of AKS as it is written: fields, names and edges checked, parameters not yet.
 *
 * <p>{@code graph_name}, {@code version} and {@code node_list}; of a node {@code node_name}, {@code
 * node_params} with one kernel and its parameters, and {@code next_node}. {@code exec_kernel} of
 * older files is read over, as AKS does. What AKS has no word for stands in an object {@code
 * sluice} of the graph or of a node: see {@link GraphOptions} and {@link NodeOptions}.
 *
 * @param at the root
 * @param name the graph's name
 * @param nodes in the order of the file
 * @param options of the graph
 */
record GraphFile(JsonAt at, String name, List<Node> nodes, GraphOptions options) {
  static final int MAX_NODES = 1000;
  private static final Set<String> FIELDS = Set.of("graph_name", "version", "node_list", "sluice");
  private static final Set<String> NODE_FIELDS =
      Set.of("node_name", "node_params", "next_node", "exec_kernel", "sluice");
  private static final String BESIDE = "put what AKS does not know in an object 'sluice'";

  /**
   * A node as it is written.
   *
   * @param at where
   * @param name its name
   * @param kernel the kernel's name
   * @param params the object with the parameters
   * @param next indices of its successors, in the order in which it names them
   * @param options of the node
   */
  record Node(
      JsonAt at,
      String name,
      String kernel,
      JsonAt params,
      List<Integer> next,
      NodeOptions options) {}

  /**
   * @throws io.sluice.error.SluiceException what {@link JsonAt#read} throws, or a SLUICE_GRAPH code
   *     with the JSON path
   */
  static GraphFile read(Path path) {
    return of(JsonAt.read(path));
  }

  static GraphFile of(JsonAt root) {
    root.object(FIELDS, BESIDE);
    String name = root.require("graph_name").text();
    root.find("version").ifPresent(version -> version.text());
    JsonAt list = root.require("node_list");
    List<JsonAt> entries = list.elements(MAX_NODES);
    if (entries.isEmpty()) {
      throw list.bad(ErrorCode.SLUICE_GRAPH_FIELD_VALUE, "no nodes", "list at least one");
    }
    Map<String, Integer> index = new HashMap<>();
    for (JsonAt entry : entries) {
      entry.object(NODE_FIELDS, BESIDE);
      JsonAt nameAt = entry.require("node_name");
      if (nameAt.text().contains(":") || nameAt.text().contains("/")) {
        throw nameAt.bad(
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            "'" + nameAt.text() + "' has a ':' or a '/'",
            "use other characters");
      }
      if (index.put(nameAt.text(), index.size()) != null) {
        throw nameAt.bad(
            ErrorCode.SLUICE_GRAPH_NODE_DUPLICATE,
            "a second node '" + nameAt.text() + "'",
            "give every node a name of its own");
      }
    }
    List<Node> nodes = new ArrayList<>();
    for (JsonAt entry : entries) {
      JsonAt params = entry.require("node_params").object();
      List<String> kernels = params.keys();
      if (kernels.size() != 1) {
        throw params.bad(
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            kernels.size() + " kernels " + kernels,
            "give a node one kernel; AKS would run only one of them");
      }
      nodes.add(
          new Node(
              entry,
              entry.require("node_name").text(),
              kernels.get(0),
              params.require(kernels.get(0)).object(),
              successors(entry, index),
              NodeOptions.read(entry)));
    }
    return new GraphFile(root, name, List.copyOf(nodes), GraphOptions.read(root));
  }

  private static List<Integer> successors(JsonAt node, Map<String, Integer> index) {
    List<Integer> next = new ArrayList<>();
    for (JsonAt at : node.find("next_node").map(n -> n.elements(MAX_NODES)).orElse(List.of())) {
      Integer to = index.get(at.text());
      if (to == null) {
        throw at.bad(
            ErrorCode.SLUICE_GRAPH_SUCCESSOR_UNKNOWN,
            "no node '" + at.text() + "'",
            "name one of node_list");
      }
      if (next.contains(to)) {
        throw at.bad(
            ErrorCode.SLUICE_GRAPH_SUCCESSOR_DUPLICATE,
            "'" + at.text() + "' is a successor already",
            "name it once");
      }
      next.add(to);
    }
    return List.copyOf(next);
  }
}
