package io.sluice.optimize;

import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The passes that make the ops of a DPU, of whatever target, out of others that compute the same,
 * together with {@link FloatPasses}, for which they make work. What only some targets gain by runs
 * when the caller asks for it.
 */
public final class DpuPasses {
  private DpuPasses() {}

  static List<Pass> all(Predicate<Op> couldRun, Predicate<Op> resizesByConvolution) {
    List<Pass> passes = new ArrayList<>(FloatPasses.all());
    passes.add(new AffineToDepthwise(couldRun));
    passes.add(new BilinearToTransposedConv(resizesByConvolution));
    passes.add(new FoldIntoNextConv());
    passes.add(new PixelShuffleToTile());
    passes.add(new ProductToConv());
    return passes;
  }

  /**
   * Applies them until none finds anything.
   *
   * @param couldRun whether some DPU could run an op, so that it pays to have a neighbour there too
   * @param resizesByConvolution whether the DPU in mind runs the pad and the depthwise transposed
   *     convolution that a bilinear resize is equal to; never, when there is none in mind
   * @return a graph of the same inputs and outputs, equal in value but for float rounding
   */
  public static Graph apply(
      Graph graph, Predicate<Op> couldRun, Predicate<Op> resizesByConvolution) {
    return PassOrder.of(all(couldRun, resizesByConvolution)).run(graph);
  }
}
