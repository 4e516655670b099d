package io.sluice.optimize;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import java.util.List;
import java.util.Set;

/** Questions that rules ask about ops. */
final class Match {
  private Match() {}

  /** Whether an op is a constant of floats. */
  static boolean isConst(Op op) {
    return op.type().equals("const") && op.output().type().equals(DataType.FLOAT32);
  }

  /** Whether an op is of a type and has exactly two inputs. */
  static boolean binary(Op op, String type) {
    return op.type().equals(type) && op.inputs("input").size() == 2;
  }

  /** Whether one op alone reads an op, which is no output of the graph. */
  static boolean onlyRead(Op op, Set<Op> outputs) {
    return op.fanOut().size() == 1 && !outputs.contains(op);
  }

  /** The other input of a binary op. */
  static Op other(Op op, int index) {
    return op.inputs("input").get(1 - index);
  }

  /** Whether an op is a constant of one value near the wanted one (within float rounding). */
  static boolean isScalar(Op op, double wanted) {
    return isScalar(op) && Math.abs(scalar(op) - wanted) <= 1e-6 * Math.abs(wanted);
  }

  /** Whether an op is a constant of one float. */
  static boolean isScalar(Op op) {
    return isConst(op) && op.output().shape().elements() == 1;
  }

  /** The value of a constant of one float. */
  static double scalar(Op op) {
    return op.constData().getFloat(0);
  }

  /**
   * The input of a commutative binary op whose partner is a scalar of the wanted value, or null.
   */
  static Op besideScalar(Op op, String type, double wanted) {
    Op scalar = scalarOf(op, type);
    return scalar != null && isScalar(scalar, wanted) ? besideScalar(op, type) : null;
  }

  /** The input of a commutative binary op whose partner is one constant float, or null. */
  static Op besideScalar(Op op, String type) {
    int index = scalarIndex(op, type);
    return index < 0 ? null : other(op, index);
  }

  /** The constant of one float in a commutative binary op, or null. */
  static Op scalarOf(Op op, String type) {
    int index = scalarIndex(op, type);
    return index < 0 ? null : op.inputs("input").get(index);
  }

  private static int scalarIndex(Op op, String type) {
    if (binary(op, type)) {
      List<Op> in = op.inputs("input");
      for (int i = 1; i >= 0; i--) {
        if (isScalar(in.get(i)) && !isConst(in.get(1 - i))) {
          return i;
        }
      }
    }
    return -1;
  }
}
