package io.sluice.compile;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Pools, and the mean over height and width, which is an average pool of the whole map. A max pool
 * needs no fix after it: it selects values.
 */
final class PoolLowering extends FeatureMapLowering {
  PoolLowering(FixPositions positions, OperatorChecker checker) {
    super(positions, checker);
  }

  @Override
  Attempt lower(Op op, Step.Operand input) {
    Shape in = input.shape();
    boolean max = op.type().equals("maxpool2d");
    boolean mean = op.type().equals("reduction_mean");
    if (mean && !isOverHeightAndWidth(op)) {
      return Attempt.refused(
          op, "dpu.reduction", "a mean over other axes than height and width has no DPU form");
    }
    Tail tail = Tail.of(op, nonlinear -> false);
    OptionalInt own = max ? position(op) : OptionalInt.empty();
    if (!tail.found() && own.isEmpty()) {
      return refused(op, tail);
    }
    Window window = mean ? new Window(in.dim(2), in.dim(1), 1, 1, 1, 1, 0, 0, 0, 0) : Window.of(op);
    boolean padded = window.left() + window.right() + window.top() + window.bottom() > 0;
    if (!max && padded && !op.attrs().getBool("count_include_pad", true)) {
      return Attempt.refused(
          op, "dpu.average-pool-padding", "a DPU counts the padding in an average");
    }
    int position = tail.found() ? tail.position() : own.getAsInt();
    Shape pooled = mean ? Shape.of(in.dim(0), 1, 1, in.dim(3)) : op.output().shape();
    Step pool =
        new Step(
            op.name(),
            "pool-fix",
            window.attrs(false).with("type", max ? "MAX" : "AVG"),
            List.of(input),
            null,
            null,
            pooled,
            position);
    List<Op> covers = tail.found() ? tail.coversWith(op) : List.of(op);
    List<Step> steps =
        pooled.equals(op.output().shape())
            ? List.of(pool)
            : List.of(pool, Movement.reshape(op.name(), pool.asOperand(), op.output().shape()));
    return checked(steps, covers);
  }

  private static boolean isOverHeightAndWidth(Op op) {
    int rank = op.input().output().shape().rank();
    int[] axes =
        Arrays.stream(op.attrs().getInts("axis")).map(a -> a < 0 ? a + rank : a).sorted().toArray();
    return Arrays.equals(axes, new int[] {1, 2});
  }
}
