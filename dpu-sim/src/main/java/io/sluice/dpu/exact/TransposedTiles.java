package io.sluice.dpu.exact;

import java.util.Arrays;

/**
 * A transposed convolution whose windows do not overlap: every pixel of the input makes a tile of
 * stride x stride pixels of its own. So it is a convolution 1x1 with a channel for each pixel of
 * the tile, whose channels are spread out afterwards.
 */
final class TransposedTiles {
  private TransposedTiles() {}

  /** Whether a transposed convolution is one. */
  static boolean applies(Convolution conv) {
    int side = conv.y().kernel();
    return conv.groups() == 1 && isTiled(conv.y(), side) && isTiled(conv.x(), side);
  }

  private static boolean isTiled(WindowAxis axis, int side) {
    return axis.kernel() == side
        && axis.stride() == side
        && axis.dilation() == 1
        && axis.padBegin() == 0
        && axis.padEnd() == 0
        && axis.out() == axis.in() * side;
  }

  /** The convolution 1x1; its channel (oc * side + dy) * side + dx is pixel dy, dx of oc. */
  static Convolution of(Convolution conv) {
    int side = conv.y().kernel();
    int area = side * side;
    int depth = conv.inChannels();
    byte[] weights = new byte[conv.weights().length];
    byte[] bias = new byte[conv.outChannels() * area];
    for (int oc = 0; oc < conv.outChannels(); oc++) {
      Arrays.fill(bias, oc * area, (oc + 1) * area, conv.bias()[oc]);
      for (int pixel = 0; pixel < area; pixel++) {
        // a kernel that is not flipped has the last tap first
        int tap = oc * area + area - 1 - pixel;
        System.arraycopy(conv.weights(), tap * depth, weights, (oc * area + pixel) * depth, depth);
      }
    }
    return new Convolution(
        false,
        conv.batch(),
        point(conv.y().in()),
        point(conv.x().in()),
        depth,
        bias.length,
        1,
        weights,
        bias,
        conv.shiftCut(),
        conv.shiftBias(),
        conv.activation());
  }

  private static WindowAxis point(int size) {
    return new WindowAxis(size, size, 1, 1, 1, 0, 0);
  }
}
