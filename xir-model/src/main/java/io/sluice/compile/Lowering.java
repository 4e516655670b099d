package io.sluice.compile;

import io.sluice.target.BrokenLimit;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Lowers the ops of a quantized graph, one kind each, to fixed-point steps of one target. */
abstract class Lowering {
  private final FixPositions positions;
  private final OperatorChecker checker;

  Lowering(FixPositions positions, OperatorChecker checker) {
    this.positions = positions;
    this.checker = checker;
  }

  /** Tries to lower an op together with what follows it. */
  abstract Attempt lower(Op op);

  OperatorChecker checker() {
    return checker;
  }

  /** The position of an op's value; empty if it is not on an 8-bit grid. */
  OptionalInt position(Op op) {
    return positions.of(op);
  }

  /** The value of an op as an operand; empty if it is constant or not on an 8-bit grid. */
  Optional<Step.Operand> operand(Op op) {
    OptionalInt position = positions.of(op);
    return position.isEmpty() || FixPositions.isConst(op)
        ? Optional.empty()
        : Optional.of(new Step.Operand(op, op.output().shape(), position.getAsInt()));
  }

  /** The steps if the target runs each of them, else the limit that the first one breaks. */
  Attempt checked(List<Step> steps, List<Op> covers) {
    for (Step step : steps) {
      Optional<BrokenLimit> broken = checker.check(step);
      if (broken.isPresent()) {
        return Attempt.refused(covers.get(0), broken.get());
      }
    }
    return Attempt.of(steps, covers);
  }

  /** Why an op without a tail is refused: an engine that is not there applies no activation. */
  Attempt refused(Op op, Tail tail) {
    boolean activation = tail.refusal().rule().equals("target.activation");
    List<BrokenLimit> own = activation ? checker.broken(op) : List.of();
    return Attempt.refused(op, own.isEmpty() ? tail.refusal() : own.get(0));
  }

  static Attempt notFixed(Op op, Op input) {
    return Attempt.refused(
        op, "fix.input", "its input '" + input.name() + "' is not on the 8-bit grid");
  }

  static Attempt notConstant(Op op, String argument) {
    return Attempt.refused(
        op, "fix.constant", "its " + argument + " is no constant that a fix op puts on the grid");
  }

  static Attempt notFourDimensional(Op op, Shape shape) {
    return Attempt.refused(
        op, "dpu.rank", "its feature map " + shape + " does not have four dimensions");
  }
}
