package io.sluice.compile;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.List;
import java.util.Optional;

/** Convolutions with constant weights and their activation. */
final class ConvLowering extends FeatureMapLowering {
  ConvLowering(FixPositions positions, OperatorChecker checker) {
    super(positions, checker);
  }

  @Override
  Attempt lower(Op op, Step.Operand input) {
    Shape in = input.shape();
    int group = op.attrs().getInt("group", 1);
    if (group != 1) {
      return Attempt.refused(
          op,
          "table30.group",
          "group is 1 for a convolution, the number of input channels for a depthwise one, with"
              + " group="
              + group
              + ", input_channel="
              + in.dim(3));
    }
    Optional<FixedTensor> weights = FixPositions.constant(op.input("weights"));
    if (weights.isEmpty()) {
      return notConstant(op, "weights");
    }
    Optional<FixedTensor> bias = Optional.empty();
    if (!op.inputs("bias").isEmpty()) {
      bias = FixPositions.constant(op.input("bias"));
      if (bias.isEmpty()) {
        return notConstant(op, "bias");
      }
    }
    String type = op.type() + "-fix";
    Tail tail = Tail.of(op, nonlinear -> checker().fuses(type, nonlinear));
    if (!tail.found()) {
      return refused(op, tail);
    }
    Step step =
        ConvSteps.convolution(
            op.name(),
            type,
            input,
            weights.get(),
            bias.orElse(null),
            Window.of(op),
            tail,
            op.output().shape());
    return checked(List.of(step), tail.coversWith(op));
  }
}
