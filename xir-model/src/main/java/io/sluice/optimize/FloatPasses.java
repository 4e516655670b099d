package io.sluice.optimize;

import io.sluice.xir.Graph;
import java.util.List;

/** The passes that every imported float graph goes through; they keep its meaning. */
public final class FloatPasses {
  private FloatPasses() {}

  /**
   * Drops what no output depends on, recognises hard activations, folds constants after
   * convolutions into them, and makes a sum after a matrix product its bias.
   *
   * @return a graph of the same inputs and outputs; equal in value but for float rounding
   */
  public static Graph apply(Graph graph) {
    Graph result = graph;
    for (Rewrite.Rule rule : List.of(new HardActivations(), new FoldIntoConv(), new MatMulBias())) {
      result = Rewrite.fully(result, rule);
    }
    return result;
  }
}
