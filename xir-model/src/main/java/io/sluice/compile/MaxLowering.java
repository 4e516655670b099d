package io.sluice.compile;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The greatest value along axes: over height or width or both a max pool of the whole axis (so
 * AMD's compiler does for the points of a pillar), over the channels an op of the ALU.
 */
final class MaxLowering extends FeatureMapLowering {
  MaxLowering(FixPositions positions, OperatorChecker checker) {
    super(positions, checker);
  }

  @Override
  Attempt lower(Op op, Step.Operand input) {
    Shape in = input.shape();
    int[] axes =
        Arrays.stream(op.attrs().getInts("axis")).map(a -> a < 0 ? a + 4 : a).sorted().toArray();
    boolean spatial = axes.length > 0 && Arrays.stream(axes).allMatch(a -> a == 1 || a == 2);
    boolean channels = axes.length == 1 && axes[0] == 3;
    if (!spatial && !channels) {
      return Attempt.refused(
          op,
          "dpu.reduction",
          "a maximum is over height and width, or over the channels, with axes="
              + Arrays.toString(axes));
    }
    Shape kept = in;
    for (int axis : axes) {
      kept = kept.withDim(axis, 1);
    }
    Step step =
        spatial
            ? pool(op, input, kept)
            : step(
                op,
                "reduction_max-fix",
                Attrs.EMPTY.with("axis", axes).with("keep_dims", true),
                input,
                kept);
    List<Step> steps = new ArrayList<>(List.of(step));
    if (!kept.equals(op.output().shape())) {
      steps.add(Movement.reshape(op.name(), step.asOperand(), op.output().shape()));
    }
    return checked(steps, List.of(op));
  }

  private static Step pool(Op op, Step.Operand input, Shape kept) {
    int kernelW = input.shape().dim(2) / kept.dim(2);
    int kernelH = input.shape().dim(1) / kept.dim(1);
    Window window = new Window(kernelW, kernelH, 1, 1, 1, 1, 0, 0, 0, 0);
    return step(op, "pool-fix", window.attrs(false).with("type", "MAX"), input, kept);
  }

  private static Step step(Op op, String type, Attrs attrs, Step.Operand input, Shape shape) {
    return new Step(op.name(), type, attrs, List.of(input), null, null, shape, input.position());
  }
}
