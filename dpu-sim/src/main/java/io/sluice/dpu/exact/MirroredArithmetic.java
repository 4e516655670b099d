package io.sluice.dpu.exact;

import io.sluice.xir.Shape;

/**
 * Blocked arithmetic in which a Relu limits from above too, for ONNX Runtime takes a Relu into the
 * loops of a convolution but goes over the result once more for a Clip.
 *
 * <p>A sum is made as w = high - v, with v's share of a half as in {@link BlockedArithmetic}. Then
 * r = Relu(w) is high - min(v, high), the convolution MAGIC + high - r is that minimum rounded
 * above MAGIC, and taking MAGIC off again is the second half of the limit when low is zero: another
 * Relu. The mirrored sum is on the same grid, and counts the steps of high more. What {@link
 * #MAGIC} is added to is within 2^22 still: at most 2^24 steps of 2^-(bits+1), and bits > 0.
 */
class MirroredArithmetic extends BlockedArithmetic {

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

  @Override
  Frame frame(int bits, int high) {
    return bits > 0 ? new Frame(-1, high) : Frame.PLAIN;
  }

  @Override
  String settleFramed(FloatGraph g, String framed, int bits, int low, int high) {
    if (bits <= 0) {
      return settle(g, framed, bits, low, high);
    }
    String capped = g.perChannel(g.relu(framed), channels, -1, MAGIC + high);
    return settled(g, new FloatGraph.Lifted(capped, low, high, true));
  }
}
