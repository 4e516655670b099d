package io.sluice.vart;

import io.sluice.xir.Graph;
import java.util.LinkedHashSet;
import java.util.List;

/** Reads the parts of a graph off its subgraph tree. */
final class SubgraphParts {
  private SubgraphParts() {}

  /** One CPU part of all ops. */
  static List<StagePlan.Part> of(Graph graph) {
    return List.of(new StagePlan.Part(graph.name(), Stage.CPU, new LinkedHashSet<>(graph.ops())));
  }
}
