package io.sluice.optimize;

import io.sluice.xir.Graph;

/** The passes that every imported float graph goes through; they keep its meaning. */
public final class FloatPasses {
  private FloatPasses() {}

  /**
   * Drops what no output depends on, recognises hard activations, folds constants after
   * convolutions into them.
   *
   * @return a graph of the same inputs and outputs; equal in value but for float rounding
   */
  public static Graph apply(Graph graph) {
    return Rewrite.fully(Rewrite.fully(graph, new HardActivations()), new FoldIntoConv());
  }
}
