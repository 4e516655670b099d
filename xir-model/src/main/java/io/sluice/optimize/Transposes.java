package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;

/** The arithmetic of transposes. */
final class Transposes {
  private Transposes() {}

  static boolean is(Op op) {
    return op.type().equals("transpose");
  }

  static int[] order(Op op) {
    return op.attrs().getInts("order");
  }

  /** The order of a second transpose after a first one. */
  static int[] after(int[] second, int[] first) {
    int[] both = new int[first.length];
    for (int i = 0; i < both.length; i++) {
      both[i] = first[second[i]];
    }
    return both;
  }

  static boolean isIdentity(int[] order) {
    for (int i = 0; i < order.length; i++) {
      if (order[i] != i) {
        return false;
      }
    }
    return true;
  }

  /** Whether the last two dimensions change places and no others. */
  static boolean swapsLastTwo(int[] order) {
    int r = order.length;
    if (r < 2) {
      return false;
    }
    int[] swapped = order.clone();
    swapped[r - 1] = order[r - 2];
    swapped[r - 2] = order[r - 1];
    return isIdentity(swapped);
  }

  static Op add(Rewrite r, String name, Op input, int[] order) {
    return r.target().add(name, "transpose", Attrs.EMPTY.with("order", order), input);
  }
}
