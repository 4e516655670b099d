package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.List;
import java.util.Set;

/**
 * Recognises hard-swish, x * relu6(x + 3) / 6, where it is spelled out: the division before or
 * after the product, of the gate or of x, and the operands in any order.
 */
final class HardSwishes implements Pass {
  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(HardSigmoids.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    Op divided = HardSigmoids.dividedBySix(op);
    Op x = divided == null ? gated(op) : product(divided);
    if (x == null || !x.output().shape().equals(op.output().shape())) {
      return null;
    }
    return new Rewrite.Replacement(
        List.of(x), r -> r.target().add(op.name(), "hard-swish", Attrs.EMPTY, r.image(x)));
  }

  /** The x of x * relu6(x + 3). */
  private static Op product(Op op) {
    return argument(op, false);
  }

  /** The x of x * hard-sigmoid(x), or of x / 6 * relu6(x + 3). */
  private static Op gated(Op op) {
    return argument(op, true);
  }

  private static Op argument(Op op, boolean divided) {
    if (!Match.binary(op, "mul")) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      Op gate = op.inputs("input").get(i);
      Op other = Match.other(op, i);
      Op x = HardSigmoids.gateArgument(gate);
      if (divided && x != null && x == HardSigmoids.dividedBySix(other)) {
        return x;
      }
      if (divided) {
        x = gate.type().equals("hard-sigmoid") ? gate.input() : null;
      }
      if (x != null && x == other) {
        return x;
      }
    }
    return null;
  }
}
