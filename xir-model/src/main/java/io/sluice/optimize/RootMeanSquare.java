package io.sluice.optimize;

import io.sluice.xir.Op;
import java.util.Arrays;
import java.util.List;

/** The parts of which exporters write normalisations: squares, means and roots along axes. */
final class RootMeanSquare {
  /** A divisor and the constant that keeps it from zero. */
  record Guarded(Op of, double epsilon) {}

  private static final String SQRT = "onnx::Sqrt";
  private static final String RECIPROCAL = "onnx::Reciprocal";

  private RootMeanSquare() {}

  /** The x of x * x, or null. */
  static Op squared(Op op) {
    if (!Match.binary(op, "mul")) {
      return null;
    }
    List<Op> in = op.inputs("input");
    return in.get(0) == in.get(1) ? in.get(0) : null;
  }

  /** What a square root is taken of, or null. */
  static Op rooted(Op op) {
    return op.type().equals(SQRT) ? op.inputs("input").get(0) : null;
  }

  /** The d of x / d, x * (1 / d) or x * reciprocal(d), where x is one of the inputs; or null. */
  static Op divisor(Op op, Op x) {
    List<Op> in = op.inputs("input");
    if (Match.binary(op, "div") && in.get(0) == x) {
      return in.get(1);
    }
    if (!Match.binary(op, "mul") || !in.contains(x)) {
      return null;
    }
    return inverted(Match.other(op, in.indexOf(x)));
  }

  /** The d of 1 / d, or null. */
  static Op inverted(Op op) {
    List<Op> in = op.inputs("input");
    if (op.type().equals(RECIPROCAL)) {
      return in.get(0);
    }
    return Match.binary(op, "div") && Match.isScalar(in.get(0), 1) ? in.get(1) : null;
  }

  /** The other operand and the constant of a sum or maximum with one constant, or null. */
  static Guarded guarded(Op op, String type) {
    Op of = Match.besideScalar(op, type);
    return of == null ? null : new Guarded(of, Match.scalar(Match.scalarOf(op, type)));
  }

  /** What is summed or averaged along axes that stay as ones, or null. */
  static Op reduced(Op op, String type) {
    return op.type().equals(type) && op.attrs().getBool("keep_dims") ? op.input() : null;
  }

  /** The axes of a reduction, counted from the front, in order. */
  static int[] axes(Op reduction) {
    int rank = reduction.input().output().shape().rank();
    return Arrays.stream(reduction.attrs().getInts("axis"))
        .map(a -> a < 0 ? a + rank : a)
        .sorted()
        .toArray();
  }
}
