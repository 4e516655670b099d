package io.sluice.dpu.exact;

import io.sluice.xir.Shape;

/** Row-major walking through tensors. */
final class Coordinates {
  private Coordinates() {}

  /** The row-major index of an element. */
  static int index(Shape shape, int... at) {
    int index = 0;
    for (int axis = 0; axis < at.length; axis++) {
      index = index * shape.dim(axis) + at[axis];
    }
    return index;
  }

  /** Moves to the next element; after the last comes the first. */
  static void next(Shape shape, int[] at) {
    for (int axis = at.length - 1; axis >= 0; axis--) {
      if (++at[axis] < shape.dim(axis)) {
        return;
      }
      at[axis] = 0;
    }
  }
}
