package io.sluice.compile;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sums and products of feature maps of one shape. A product that broadcasts (squeeze-and-excite)
 * has no DPU form. With a constant operand the op is a per-channel scale or bias instead: {@link
 * AffineLowering}.
 */
final class EltwiseLowering extends Lowering {
  private final AffineLowering affine;

  EltwiseLowering(FixPositions positions, OperatorChecker checker) {
    super(positions, checker);
    this.affine = new AffineLowering(positions, checker);
  }

  @Override
  Attempt lower(Op op) {
    if (op.inputs("input").stream().anyMatch(FixPositions::isConst)) {
      return affine.lower(op);
    }
    List<Step.Operand> inputs = new ArrayList<>();
    for (Op in : op.inputs("input")) {
      Optional<Step.Operand> operand = operand(in);
      if (operand.isEmpty()) {
        return notFixed(op, in);
      }
      inputs.add(operand.get());
    }
    List<Shape> shapes = inputs.stream().map(Step.Operand::shape).toList();
    if (shapes.stream().distinct().count() != 1) {
      return Attempt.refused(
          op, "dpu.broadcast", "a DPU does not broadcast: its inputs have shapes " + shapes);
    }
    boolean add = op.type().equals("add");
    Tail tail = Tail.of(op, a -> add && checker().fuses("eltwise-fix", a));
    if (!tail.found()) {
      return refused(op, tail);
    }
    Attrs attrs =
        Attrs.EMPTY.with("type", add ? "ADD" : "MUL").with("nonlinear", tail.nonlinear().name());
    Step step =
        new Step(
            op.name(),
            "eltwise-fix",
            attrs,
            inputs,
            null,
            null,
            op.output().shape(),
            tail.position());
    return checked(List.of(step), tail.coversWith(op));
  }
}
