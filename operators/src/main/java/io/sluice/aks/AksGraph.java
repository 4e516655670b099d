package io.sluice.aks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A graph that passed all checks and can run: see {@link GraphLoader}. */
public final class AksGraph {
  private final String name;
  private final List<AksNode> nodes;
  private final List<Integer> order;
  private final GraphOptions options;
  private final Map<String, InputRef> outputs;

  AksGraph(
      String name,
      List<AksNode> nodes,
      List<Integer> order,
      GraphOptions options,
      Map<String, InputRef> outputs) {
    this.name = name;
    this.nodes = List.copyOf(nodes);
    this.order = List.copyOf(order);
    this.options = options;
    this.outputs = outputs;
  }

  /**
   * Reads and checks a graph file.
   *
   * @param modelRoot the folder that AKS calls AKS_XMODEL_ROOT; a model that is not there may lie
   *     beside the graph file
   * @throws io.sluice.error.SluiceException SLUICE_IO, or a SLUICE_GRAPH code with file, JSON path
   *     and remedy
   */
  public static AksGraph load(
      Path file, KernelFiles kernels, KernelContext context, Path modelRoot) {
    Path folder = file.toAbsolutePath().getParent();
    return new GraphLoader(kernels, context, new ModelFiles(modelRoot, folder))
        .load(GraphFile.read(file));
  }

  public String name() {
    return name;
  }

  /** The names of the nodes in the order of the graph. */
  public List<String> nodeNames() {
    return nodes.stream().map(AksNode::name).toList();
  }

  /** The name of a node's kernel, if there is such a node. */
  public Optional<String> kernelOf(String node) {
    return nodes.stream().filter(n -> n.name().equals(node)).findFirst().map(n -> n.spec().name());
  }

  /** Whether a node of it runs on DPUs. */
  public boolean needsDpu() {
    return nodes.stream().anyMatch(AksNode::isDpu);
  }

  List<AksNode> nodes() {
    return nodes;
  }

  AksNode node(int index) {
    return nodes.get(index);
  }

  /** Indices, each after its parents. */
  List<Integer> order() {
    return order;
  }

  GraphOptions options() {
    return options;
  }

  /** What of the last nodes an answer has, by name; empty for all. */
  Map<String, InputRef> outputs() {
    return outputs;
  }

  /** What a request may ask for. */
  List<String> pipelines() {
    return options.pipelines().isEmpty() ? List.of(name) : options.pipelines();
  }

  /** The nodes without successors. */
  List<AksNode> last() {
    return nodes.stream().filter(node -> node.children().isEmpty()).toList();
  }
}
