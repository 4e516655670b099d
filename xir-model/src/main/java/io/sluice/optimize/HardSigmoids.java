package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Set;

/**
 * Recognises a hard-sigmoid, which XIR has as relu6(x + 3) / 6, where it is spelled out:
 *
 * <ul>
 *   <li>relu6(x + 3) / 6, with the operands in any order and the division as a multiplication by
 *       1/6 (PyTorch, TensorFlow, PaddlePaddle)
 *   <li>clip(a * x + b, 0, 1), the clip as two ops in either order (Keras has a = 0.2, b = 0.5):
 *       the hard-sigmoid of 6 * a * x + 6 * b - 3, without the product and the sum where they
 *       change nothing
 * </ul>
 */
final class HardSigmoids implements Pass {
  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(ActivationMerging.class, IdentityRemoval.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    Op divided = dividedBySix(op);
    if (divided != null) {
      Op x = gateArgument(divided);
      return x != null && x.output().shape().equals(op.output().shape())
          ? new Rewrite.Replacement(
              List.of(x), r -> r.target().add(op.name(), "hard-sigmoid", Attrs.EMPTY, r.image(x)))
          : null;
    }
    Op line = clippedToOne(op, outputs);
    return line == null ? null : ofLine(op, line, outputs);
  }

  /** The x of x / 6. */
  static Op dividedBySix(Op op) {
    if (Match.binary(op, "div") && Match.isScalar(op.inputs("input").get(1), 6)) {
      return op.inputs("input").get(0);
    }
    return Match.besideScalar(op, "mul", 1.0 / 6);
  }

  /** The x of relu6(x + 3). */
  static Op gateArgument(Op op) {
    return op.type().equals("relu6") ? Match.besideScalar(op.input(), "add", 3) : null;
  }

  /** The x of min(relu(x), 1) or relu(min(x, 1)), the inner op read by the outer one alone. */
  private static Op clippedToOne(Op op, Set<Op> outputs) {
    boolean reluFirst = op.type().equals("min");
    Op inner = reluFirst ? Match.besideScalar(op, "min", 1) : op;
    if (inner == null || !(reluFirst || op.type().equals("relu"))) {
      return null;
    }
    if (reluFirst) {
      return inner.type().equals("relu") && Match.onlyRead(inner, outputs) ? inner.input() : null;
    }
    Op least = op.input();
    return Match.onlyRead(least, outputs) ? Match.besideScalar(least, "min", 1) : null;
  }

  /** From clip(a * x + b, 0, 1), where the sum and the product are read by nothing else. */
  private static Rewrite.Replacement ofLine(Op root, Op line, Set<Op> outputs) {
    Op scaled = Match.besideScalar(line, "add");
    if (scaled == null || !Match.onlyRead(line, outputs)) {
      return null;
    }
    double shift = 6 * Match.scalar(Match.scalarOf(line, "add")) - 3;
    Op x = Match.besideScalar(scaled, "mul");
    boolean owned = x != null && Match.onlyRead(scaled, outputs);
    double scale = owned ? 6 * Match.scalar(Match.scalarOf(scaled, "mul")) : 6;
    Op from = owned ? x : scaled;
    if (!from.output().shape().equals(root.output().shape())) {
      return null;
    }
    return new Rewrite.Replacement(
        List.of(from),
        r -> {
          Op argument = r.image(from);
          if (Math.abs(scale - 1) > 1e-6) {
            argument = withScalar(r, root.name() + "_scaled", "mul", argument, scale);
          }
          if (Math.abs(shift) > 3e-6) {
            argument = withScalar(r, root.name() + "_shifted", "add", argument, shift);
          }
          return r.target().add(root.name(), "hard-sigmoid", Attrs.EMPTY, argument);
        });
  }

  private static Op withScalar(Rewrite r, String wanted, String type, Op op, double value) {
    String name = r.fresh(wanted);
    TensorData scalar = TensorData.ofFloats(Shape.of(1), (float) value);
    Op constant = r.target().addConst(r.fresh(name + "_by"), scalar);
    return r.target().add(name, type, Attrs.EMPTY, op, constant);
  }
}
