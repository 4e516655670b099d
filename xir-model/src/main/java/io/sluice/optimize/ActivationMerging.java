package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.List;
import java.util.Set;

/**
 * Makes one activation of clips that are written as several ops: max(x, 0) is a relu, min(relu(x),
 * 6) and relu(min(x, 6)) are a relu6, and so are relu6(relu(x)) and min(x, 6) of what is not below
 * zero.
 */
final class ActivationMerging implements Pass {
  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(IdentityRemoval.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    if (op.type().equals("max")) {
      return replace(op, Match.besideScalar(op, "max", 0), "relu");
    }
    if (op.type().equals("min")) {
      Op clipped = Match.besideScalar(op, "min", 6);
      if (clipped == null || clipped.type().equals("relu")) {
        return clipped == null ? null : replace(op, clipped.input(), "relu6");
      }
      return Activations.isNonNegative(clipped) ? replace(op, clipped, "relu6") : null;
    }
    if (op.type().equals("relu")) {
      return Match.onlyRead(op.input(), outputs)
          ? replace(op, Match.besideScalar(op.input(), "min", 6), "relu6")
          : null;
    }
    return op.type().equals("relu6") && op.input().type().equals("relu")
        ? replace(op, op.input().input(), "relu6")
        : null;
  }

  private static Rewrite.Replacement replace(Op root, Op x, String type) {
    if (x == null || !x.output().shape().equals(root.output().shape())) {
      return null;
    }
    return new Rewrite.Replacement(
        List.of(x), r -> r.target().add(root.name(), type, Attrs.EMPTY, r.image(x)));
  }
}
