package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.List;
import java.util.Set;

/**
 * Recognises hard-sigmoid, relu6(x + 3) / 6, and hard-swish, x * relu6(x + 3) / 6, where they are
 * spelled out, with the operands in any order, the division as a multiplication by 1/6, and in
 * hard-swish before or after the product.
 */
final class HardActivations implements Rewrite.Rule {
  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    Op divided = dividedBySix(op);
    if (divided != null) {
      Op x = gateArgument(divided);
      if (x != null) {
        return replace(op, x, "hard-sigmoid");
      }
      x = gatedArgument(divided, false);
      if (x != null) {
        return replace(op, x, "hard-swish");
      }
    }
    Op x = gatedArgument(op, true);
    return x == null ? null : replace(op, x, "hard-swish");
  }

  private static Rewrite.Replacement replace(Op root, Op x, String type) {
    if (!x.output().shape().equals(root.output().shape())) {
      return null;
    }
    return new Rewrite.Replacement(
        List.of(x), r -> r.target().add(root.name(), type, Attrs.EMPTY, r.image(x)));
  }

  /** The x of x / 6. */
  private static Op dividedBySix(Op op) {
    if (Match.binary(op, "div") && Match.isScalar(op.inputs("input").get(1), 6)) {
      return op.inputs("input").get(0);
    }
    return Match.besideScalar(op, "mul", 1.0 / 6);
  }

  /** The x of relu6(x + 3). */
  private static Op gateArgument(Op op) {
    return op.type().equals("relu6") ? Match.besideScalar(op.input(), "add", 3) : null;
  }

  /** The x of x * gate(x), where the gate is relu6(x + 3), or with the division done the whole. */
  private static Op gatedArgument(Op op, boolean gateDivided) {
    if (!Match.binary(op, "mul")) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      Op gate = op.inputs("input").get(i);
      Op x = gateDivided ? sigmoidArgument(gate) : gateArgument(gate);
      if (x != null && x == Match.other(op, i)) {
        return x;
      }
    }
    return null;
  }

  private static Op sigmoidArgument(Op gate) {
    if (gate.type().equals("hard-sigmoid")) {
      return gate.input();
    }
    Op divided = dividedBySix(gate);
    return divided == null ? null : gateArgument(divided);
  }
}
