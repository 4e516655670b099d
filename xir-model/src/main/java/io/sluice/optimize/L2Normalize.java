package io.sluice.optimize;

import io.sluice.optimize.RootMeanSquare.Guarded;
import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.List;
import java.util.Set;

/**
 * Recognises x / sqrt(max(sum of x^2 along axes, epsilon)), which Table 29 of the guide names, and
 * x / max(sqrt(sum of x^2), e), which is the same with epsilon = e^2 (PyTorch); the division as a
 * product with the reciprocal.
 */
final class L2Normalize implements Pass {
  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(ConstantFolding.class, IdentityRemoval.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    if (!Match.binary(op, "div") && !Match.binary(op, "mul")) {
      return null;
    }
    for (Op x : op.inputs("input")) {
      Op divisor = RootMeanSquare.divisor(op, x);
      Guarded sum = divisor == null ? null : guardedSum(divisor);
      if (sum != null && RootMeanSquare.squared(sum.of().input()) == x) {
        Attrs attrs =
            Attrs.EMPTY.with("axis", RootMeanSquare.axes(sum.of())).with("epsilon", sum.epsilon());
        return new Rewrite.Replacement(
            List.of(x), r -> r.target().add(op.name(), "l2_normalize", attrs, r.image(x)));
      }
    }
    return null;
  }

  /** The sum under the root and the epsilon that holds for it. */
  private static Guarded guardedSum(Op divisor) {
    Op inner = RootMeanSquare.rooted(divisor);
    Guarded guarded = RootMeanSquare.guarded(inner == null ? divisor : inner, "max");
    if (guarded == null) {
      return null;
    }
    Op sum = inner == null ? RootMeanSquare.rooted(guarded.of()) : guarded.of();
    double epsilon = inner == null ? guarded.epsilon() * guarded.epsilon() : guarded.epsilon();
    boolean isSum = sum != null && RootMeanSquare.reduced(sum, "reduction_sum") != null;
    return isSum && guarded.epsilon() > 0 ? new Guarded(sum, epsilon) : null;
  }
}
