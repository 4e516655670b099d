package io.sluice.dpu.exact;

import io.sluice.xir.Shape;

/** NumPy broadcasting: trailing dimensions are matched, a size of 1 is repeated. */
final class Broadcast {
  private Broadcast() {}

  /** For each element of the larger shape the element of the smaller one that it reads. */
  static int[] index(Shape from, Shape to) {
    int[] strides = new int[to.rank()];
    int stride = 1;
    for (int axis = to.rank() - 1; axis >= 0; axis--) {
      int source = axis - (to.rank() - from.rank());
      int size = source < 0 ? 1 : from.dim(source);
      strides[axis] = size == 1 ? 0 : stride;
      stride *= size;
    }
    int[] index = new int[to.elements()];
    for (int at = 0; at < index.length; at++) {
      int rest = at;
      int place = 0;
      for (int axis = to.rank() - 1; axis >= 0; axis--) {
        place += rest % to.dim(axis) * strides[axis];
        rest /= to.dim(axis);
      }
      index[at] = place;
    }
    return index;
  }
}
