package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.List;
import java.util.Set;

/**
 * Recognises leaky-relu, x for x above zero and a * x below, where it is spelled out:
 *
 * <ul>
 *   <li>max(x, a * x), for a of zero to one (TensorFlow)
 *   <li>relu(x) - a * relu(-x), or relu(x) + (-a) * relu(-x) (Keras)
 *   <li>a prelu whose slopes are all the same
 * </ul>
 *
 * <p>Whether a DPU has the slope is for the quantizer to say.
 */
final class LeakyRelus implements Pass {
  private record Leaky(Op x, double alpha) {}

  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(ActivationMerging.class, IdentityRemoval.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    Leaky leaky =
        switch (op.type()) {
          case "max" -> larger(op);
          case "sub", "add" -> parts(op);
          case "prelu" -> uniform(op);
          default -> null;
        };
    if (leaky == null || !leaky.x().output().shape().equals(op.output().shape())) {
      return null;
    }
    Attrs attrs = Attrs.EMPTY.with("alpha", (float) leaky.alpha());
    return new Rewrite.Replacement(
        List.of(leaky.x()),
        r -> r.target().add(op.name(), "leaky-relu", attrs, r.image(leaky.x())));
  }

  private static Leaky larger(Op op) {
    for (int i = 0; i < 2 && Match.binary(op, "max"); i++) {
      Op scaled = op.inputs("input").get(i);
      Op x = Match.besideScalar(scaled, "mul");
      if (x != null && x == Match.other(op, i)) {
        double alpha = Match.scalar(Match.scalarOf(scaled, "mul"));
        return alpha >= 0 && alpha <= 1 ? new Leaky(x, alpha) : null;
      }
    }
    return null;
  }

  private static Leaky parts(Op op) {
    boolean commutes = Match.binary(op, "add");
    if (!commutes && !Match.binary(op, "sub")) {
      return null;
    }
    for (int i = 0; i < (commutes ? 2 : 1); i++) {
      Op above = op.inputs("input").get(i);
      Op scaled = Match.other(op, i);
      Op below = Match.besideScalar(scaled, "mul");
      if (above.type().equals("relu")
          && below != null
          && below.type().equals("relu")
          && isNegated(below.input(), above.input())) {
        double factor = Match.scalar(Match.scalarOf(scaled, "mul"));
        return new Leaky(above.input(), commutes ? -factor : factor);
      }
    }
    return null;
  }

  private static boolean isNegated(Op op, Op x) {
    return (op.type().equals("neg") && op.input() == x) || Match.besideScalar(op, "mul", -1) == x;
  }

  private static Leaky uniform(Op op) {
    if (!Match.isConst(op.input("weight"))) {
      return null;
    }
    float[] slopes = op.input("weight").constData().toFloats();
    for (float slope : slopes) {
      if (slope != slopes[0]) {
        return null;
      }
    }
    return new Leaky(op.input(), slopes[0]);
  }
}
