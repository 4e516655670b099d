package io.sluice.compile;

import io.sluice.xir.Op;
import java.util.Optional;

/** Lowers ops that read one feature map, NHWC, as their argument {@code input}. */
abstract class FeatureMapLowering extends Lowering {
  FeatureMapLowering(FixPositions positions, OperatorChecker checker) {
    super(positions, checker);
  }

  @Override
  final Attempt lower(Op op) {
    Optional<Step.Operand> input = operand(op.input());
    if (input.isEmpty()) {
      return notFixed(op, op.input());
    }
    return input.get().shape().rank() == 4
        ? lower(op, input.get())
        : notFourDimensional(op, input.get().shape());
  }

  /** Tries to lower an op whose feature map has four dimensions. */
  abstract Attempt lower(Op op, Step.Operand input);
}
