package io.sluice.optimize;

import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The passes that make the ops of a DPU, of whatever target, out of others that compute the same,
 * together with {@link FloatPasses}, for which they make work. What only some targets gain by
 * stands apart.
 */
public final class DpuPasses {
  private DpuPasses() {}

  static List<Pass> all(Predicate<Op> couldRun) {
    List<Pass> passes = new ArrayList<>(FloatPasses.all());
    passes.add(new AffineToDepthwise(couldRun));
    passes.add(new FoldIntoNextConv());
    passes.add(new PixelShuffleToTile());
    passes.add(new ProductToConv());
    return passes;
  }

  /**
   * Applies them until none finds anything.
   *
   * @param couldRun whether some DPU could run an op, so that it pays to have a neighbour there too
   * @return a graph of the same inputs and outputs, equal in value but for float rounding
   */
  public static Graph apply(Graph graph, Predicate<Op> couldRun) {
    return PassOrder.of(all(couldRun)).run(graph);
  }

  /**
   * Makes a pad and a depthwise transposed convolution of each bilinear resize that allows it, as
   * the guide's Table 29 says; only some targets gain by it.
   *
   * @param asked for which resizes
   * @return a graph of the same outputs, without what none of them depends on; the graph itself if
   *     there is nothing to do
   */
  public static Graph convolveResizes(Graph graph, Predicate<Op> asked) {
    return Rewrite.fully(graph, new BilinearToTransposedConv(asked));
  }
}
