package io.sluice.dpu.exact;

import io.sluice.xir.Shape;

/**
 * Blocked arithmetic in which a Relu limits from above too, for ONNX Runtime takes a Relu into the
 * loops of a convolution but goes over the result once more for a Clip; and which needs no finer
 * grid for the half, so that sums may count to twice as much.
 *
 * <p>A sum is made as w = high - v, on the grid of v. Then r = Relu(w) is high - min(v, high), the
 * convolution MAGIC + high - r * {@link #shrink} is that minimum rounded above {@link #MAGIC}, and
 * taking MAGIC off again is the second half of the limit when low is zero: another Relu.
 *
 * <p><b>Ties.</b> Halves of v go up, so those of r go down: r * (1 - 2^-24), rounded to a float or
 * not, is below r, by less than a step of the grid while r is below 2^(23-bits). So a tie leaves
 * its boundary to the right side, and what lies a step above it does not get there. An r of
 * 2^(23-bits) or more, but within the 2^24 steps of the bound, loses no more than one step. It
 * stands for a v of at most 127 - 2^8 with up to {@link #MAX_BITS} bits, which is limited by any
 * low whichever way it rounds; so is one that leaves MAGIC below 2^23. With more bits the form is
 * that of {@link BlockedArithmetic}.
 */
class MirroredArithmetic extends BlockedArithmetic {
  static final int MAX_BITS = 15;

  /**
   * @param output the shape of the tensor that is made, NHWC
   */
  MirroredArithmetic(Shape output) {
    super(output);
  }

  @Override
  BlockedArithmetic on(Shape output) {
    return new MirroredArithmetic(output);
  }

  /** Whether a sum is mirrored. */
  boolean mirrors(int bits) {
    return bits > 0 && bits <= MAX_BITS;
  }

  /** What r is multiplied by: the largest float below one. */
  double shrink() {
    return 1 - Math.scalb(1.0, -24);
  }

  @Override
  Frame frame(int bits, int high) {
    return mirrors(bits) ? new Frame(-1, high, 0) : super.frame(bits, high);
  }

  @Override
  String settleFramed(FloatGraph g, String framed, int bits, int low, int high) {
    if (!mirrors(bits)) {
      return settle(g, framed, bits, low, high);
    }
    String capped = g.perChannel(g.relu(framed), channels, -shrink(), MAGIC + high);
    return settled(g, new FloatGraph.Lifted(capped, low, high, true));
  }
}
