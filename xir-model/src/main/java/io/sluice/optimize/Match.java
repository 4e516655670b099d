package io.sluice.optimize;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import java.util.List;

/** Questions that rules ask about ops. */
final class Match {
  private Match() {}

  /** Whether an op is of a type and has exactly two inputs. */
  static boolean binary(Op op, String type) {
    return op.type().equals(type) && op.inputs("input").size() == 2;
  }

  /** The other input of a binary op. */
  static Op other(Op op, int index) {
    return op.inputs("input").get(1 - index);
  }

  /** Whether an op is a constant of one value near the wanted one (within float rounding). */
  static boolean isScalar(Op op, double wanted) {
    return op.type().equals("const")
        && op.output().type().equals(DataType.FLOAT32)
        && op.output().shape().elements() == 1
        && Math.abs(op.constData().getFloat(0) - wanted) <= 1e-6 * Math.abs(wanted);
  }

  /**
   * The input of a commutative binary op whose partner is a scalar of the wanted value, or null.
   */
  static Op besideScalar(Op op, String type, double wanted) {
    if (binary(op, type)) {
      List<Op> in = op.inputs("input");
      for (int i = 0; i < 2; i++) {
        if (isScalar(in.get(i), wanted)) {
          return in.get(1 - i);
        }
      }
    }
    return null;
  }
}
