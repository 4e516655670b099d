package io.sluice.compile;

import io.sluice.target.Nonlinear;
import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.List;
import java.util.Optional;

/**
 * A hard-sigmoid or hard-swish that no convolution has fused: a hard-sigmoid on the ALU, and for a
 * hard-swish the product of that with its input.
 */
final class HardActivationLowering extends Lowering {
  HardActivationLowering(FixPositions positions, OperatorChecker checker) {
    super(positions, checker);
  }

  @Override
  Attempt lower(Op op) {
    Optional<Step.Operand> input = operand(op.input());
    if (input.isEmpty()) {
      return notFixed(op, op.input());
    }
    Tail tail = Tail.of(op, a -> false);
    if (!tail.found()) {
      return Attempt.refused(op, tail.refusal());
    }
    boolean swish = op.type().equals("hard-swish");
    int position = swish ? ConvSteps.HARD_SIGMOID_POSITION : tail.position();
    int in = input.get().position();
    Step sigmoid =
        new Step(
            swish ? op.name() + "_hsigmoid" : op.name(),
            "hard-sigmoid-fix",
            Attrs.EMPTY
                .with("hsigmoid_in", in)
                .with("shift_hsigmoid", ConvSteps.shiftHardSigmoid(in, position)),
            List.of(input.get()),
            null,
            null,
            op.output().shape(),
            position);
    if (!swish) {
      return checked(List.of(sigmoid), tail.coversWith(op));
    }
    Step product =
        new Step(
            op.name(),
            "eltwise-fix",
            Attrs.EMPTY.with("type", "MUL").with("nonlinear", Nonlinear.NONE.name()),
            List.of(input.get(), sigmoid.asOperand()),
            null,
            null,
            op.output().shape(),
            tail.position());
    return checked(List.of(sigmoid, product), tail.coversWith(op));
  }
}
