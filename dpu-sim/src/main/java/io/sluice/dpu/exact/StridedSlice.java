package io.sluice.dpu.exact;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.Arrays;

/**
 * {@code strided_slice-fix}: element o of an axis is element begin + o * stride of the input, as
 * NumPy slices. Axes that are not listed are kept whole.
 *
 * @param begin first element of each axis
 * @param strides step along each axis
 */
record StridedSlice(Shape input, int[] begin, int[] strides) implements Movement {

  static StridedSlice of(Op op) {
    Shape in = op.input().output().shape();
    Shape out = op.output().shape();
    int[] begin = op.attrs().getInts("begin");
    int[] strides = op.attrs().getInts("strides");
    if (begin.length != strides.length || begin.length > in.rank() || out.rank() != in.rank()) {
      throw FixOps.unexpected(
          op, "a slice of " + in + " to " + out, "give begin and strides for the same axes");
    }
    int listed = begin.length;
    begin = Arrays.copyOf(begin, in.rank());
    strides = Arrays.copyOf(strides, in.rank());
    Arrays.fill(strides, listed, in.rank(), 1);
    for (int axis = 0; axis < begin.length; axis++) {
      int size = in.dim(axis);
      int first = begin[axis] < 0 ? begin[axis] + size : begin[axis];
      begin[axis] = Math.max(0, Math.min(size - 1, first));
      int last = begin[axis] + (out.dim(axis) - 1) * strides[axis];
      if (strides[axis] == 0 || last < 0 || last >= size) {
        throw FixOps.unexpected(op, "a slice of " + in + " to " + out, "stay inside the input");
      }
    }
    return new StridedSlice(in, begin, strides);
  }

  @Override
  public int source(int[] at) {
    int[] from = new int[at.length];
    for (int axis = 0; axis < from.length; axis++) {
      from[axis] = begin[axis] + at[axis] * strides[axis];
    }
    return Coordinates.index(input, from);
  }
}
