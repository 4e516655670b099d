package io.sluice.optimize;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes a depthwise 1x1 convolution of what scales or shifts each channel of a feature map where
 * there is no convolution to fold it into: a product, quotient, sum or difference with constants,
 * batch norm, {@code scale}. A chain of these becomes one such convolution, since {@link
 * FoldIntoConv} folds the rest of the chain into the first.
 *
 * <p>Only between ops that a DPU could run, as a processor has no use for it: the arithmetic value
 * by value that stands there costs less, and the compiler would carry the map to the DPU and back.
 * Which ops those are is the caller's to say.
 */
final class AffineToDepthwise implements Pass {
  private final Predicate<Op> couldRun;

  AffineToDepthwise(Predicate<Op> couldRun) {
    this.couldRun = couldRun;
  }

  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(
        ActivationMerging.class,
        FoldIntoConv.class,
        HardSwishes.class,
        IdentityRemoval.class,
        L2Normalize.class,
        LayerNorm.class,
        LeakyRelus.class,
        ProductToConv.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    if (op.output().shape().rank() != 4) {
      return null;
    }
    ChannelAffine affine = ChannelAffine.of(op);
    if (affine == null || !couldRun.test(affine.operand()) || !goesOn(op)) {
      return null;
    }
    int channels = affine.channels();
    TensorData weights = TensorData.ofFloats(Shape.of(1, 1, 1, channels), affine.scales());
    TensorData bias = TensorData.ofFloats(Shape.of(channels), affine.shifts());
    int[] kernel = {1, 1};
    return new Rewrite.Replacement(
        List.of(affine.operand()),
        r ->
            Convolutions.add(
                r,
                op.name(),
                "depthwise-conv2d",
                kernel,
                r.image(affine.operand()),
                weights,
                bias));
  }

  /** Whether a reader could run on a DPU, or one behind further scales and shifts. */
  private boolean goesOn(Op op) {
    return op.fanOut().stream()
        .anyMatch(r -> couldRun.test(r) || (ChannelAffine.of(r) != null && goesOn(r)));
  }
}
