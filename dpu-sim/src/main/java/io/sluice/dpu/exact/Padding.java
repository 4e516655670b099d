package io.sluice.dpu.exact;

import com.google.protobuf.ByteString;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.Locale;

/**
 * {@code pad-fix}: paddings[2i] elements before and paddings[2i + 1] after axis i.
 *
 * @param before elements put before each axis
 * @param mode what they hold
 */
record Padding(Shape input, int[] before, Mode mode) implements Movement {

  enum Mode {
    /** One value. */
    CONSTANT,
    /** Mirrored about the first and last element, which are not repeated. */
    REFLECT,
    /** Mirrored about the edges: the first and last element are repeated. */
    SYMMETRIC
  }

  static Padding of(Op op) {
    Shape in = op.input().output().shape();
    int[] paddings = op.attrs().getInts("paddings");
    if (paddings.length != 2 * in.rank()) {
      throw FixOps.unexpected(
          op, paddings.length + " paddings for " + in, "give two for each dimension");
    }
    Mode mode;
    try {
      mode = Mode.valueOf(op.attrs().getString("mode").toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw FixOps.unexpected(
          op, "pad mode " + op.attrs().getString("mode"), "use CONSTANT, REFLECT or SYMMETRIC");
    }
    int[] before = new int[in.rank()];
    for (int axis = 0; axis < before.length; axis++) {
      before[axis] = paddings[2 * axis];
      int limit =
          switch (mode) {
            case CONSTANT -> 1 << 16;
            case REFLECT -> in.dim(axis) - 1;
            case SYMMETRIC -> in.dim(axis);
          };
      FixOps.range(op, "padding", before[axis], 0, limit);
      FixOps.range(op, "padding", paddings[2 * axis + 1], 0, limit);
    }
    return new Padding(in, before, mode);
  }

  /** The value of CONSTANT padding, at the fix position of the input. */
  static byte fill(Op op) {
    ByteString values =
        op.attrs().has("constant_values")
            ? op.attrs().getBytes("constant_values")
            : ByteString.EMPTY;
    for (int i = 1; i < values.size(); i++) {
      if (values.byteAt(i) != values.byteAt(0)) {
        throw FixOps.unsupported(op, "different constant_values", "pad with one value");
      }
    }
    return values.isEmpty() ? 0 : values.byteAt(0);
  }

  @Override
  public int source(int[] at) {
    int[] from = new int[at.length];
    for (int axis = 0; axis < from.length; axis++) {
      int size = input.dim(axis);
      int i = at[axis] - before[axis];
      if (i < 0 || i >= size) {
        switch (mode) {
          case CONSTANT -> {
            return NONE;
          }
          case REFLECT -> i = i < 0 ? -i : 2 * size - 2 - i;
          case SYMMETRIC -> i = i < 0 ? -i - 1 : 2 * size - 1 - i;
        }
      }
      from[axis] = i;
    }
    return Coordinates.index(input, from);
  }
}
