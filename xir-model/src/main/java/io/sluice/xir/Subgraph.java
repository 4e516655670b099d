package io.sluice.xir;

/** A node of the subgraph tree. */
public final class Subgraph {
  private final Graph graph;

  Subgraph(Graph graph) {
    this.graph = graph;
  }

  public Graph graph() {
    return graph;
  }

  void forget(Op op) {
    java.util.Objects.requireNonNull(op);
  }
}
