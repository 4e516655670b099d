package io.sluice.vart;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Graph;
import io.sluice.xir.Subgraph;
import java.util.HashSet;
import java.util.List;

/** Reads the parts of a graph off its subgraph tree: the children of the root, by their device. */
final class SubgraphParts {
  private SubgraphParts() {}

  /**
   * One part for each child of the root; one CPU part of all ops if there is none or none has a
   * device, as before compilation.
   *
   * @throws SluiceException VART_GRAPH_ERROR if only some have a device
   */
  static List<StagePlan.Part> of(Graph graph) {
    List<Subgraph> children = graph.root().children();
    if (children.stream().allMatch(child -> child.device().isEmpty())) {
      return List.of(new StagePlan.Part(graph.name(), Stage.CPU, new HashSet<>(graph.ops())));
    }
    return children.stream().map(SubgraphParts::part).toList();
  }

  private static StagePlan.Part part(Subgraph child) {
    String device =
        child
            .device()
            .orElseThrow(
                () ->
                    new SluiceException(
                        ErrorCode.VART_GRAPH_ERROR,
                        "subgraph '" + child.name() + "' has no attribute 'device'",
                        child.graph().toString(),
                        "compile the model again"));
    return new StagePlan.Part(child.name(), device, new HashSet<>(child.ops()));
  }
}
