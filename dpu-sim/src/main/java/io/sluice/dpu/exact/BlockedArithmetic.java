package io.sluice.dpu.exact;

import io.sluice.xir.Shape;
import java.util.List;

/**
 * The arithmetic of the DPU in nodes that ONNX Runtime keeps in its blocked layout, which it leaves
 * for Floor, Mul and Add by a constant at the cost of two copies. What is left is Conv: one per
 * channel, 1x1, does x * factor + term, and a Clip behind it is part of it.
 *
 * <p><b>Rounding.</b> A float within 2^23 .. 2^24 has no bits below the point, so for |v| up to
 * 2^22 the sum v + {@link #MAGIC} is v rounded to an integer, halves to even, and taking MAGIC off
 * again is exact. The sum of all that can be added to v is at most 2^24 steps of 2^-(bits+1), which
 * is within 2^22 whenever there is something to round.
 *
 * <p><b>Fusion.</b> ONNX Runtime may fuse a sum into the convolution that makes one of its terms,
 * and would then add before MAGIC is taken off. It does not when the convolution has an activation
 * already, so a Clip or Relu stands directly behind the one that takes MAGIC off.
 */
class BlockedArithmetic extends EvenArithmetic {
  /** 1.5 * 2^23: half way between 2^23 and 2^24. */
  static final double MAGIC = 3 << 22;

  final int channels;

  /**
   * @param output the shape of the tensor that is made, NHWC
   */
  BlockedArithmetic(Shape output) {
    this.channels = output.dim(3);
  }

  @Override
  BlockedArithmetic on(Shape output) {
    return new BlockedArithmetic(output);
  }

  @Override
  String settle(FloatGraph g, String v, int bits, int low, int high) {
    if (bits <= 0) {
      return g.clip(v, low, high);
    }
    return settled(g, new FloatGraph.Lifted(g.perChannel(v, channels, 1, MAGIC), low, high, false));
  }

  /** The integer under a lifted one. */
  final String settled(FloatGraph g, FloatGraph.Lifted lifted) {
    String whole = lower(g, lifted, 0);
    g.remember(whole, lifted);
    return whole;
  }

  /** The integer under a lifted one, times 2^exponent. */
  private String lower(FloatGraph g, FloatGraph.Lifted lifted, int exponent) {
    double factor = Math.scalb(1.0, exponent);
    String unlimited = g.perChannel(lifted.name(), channels, factor, -MAGIC * factor);
    return lifted.capped() && lifted.low() == 0
        ? g.relu(unlimited)
        : g.clip(unlimited, lifted.low() * factor, lifted.high() * factor);
  }

  @Override
  String scale(FloatGraph g, String v, int exponent) {
    FloatGraph.Lifted lifted = g.lifted(v);
    if (exponent == 0) {
      return v;
    }
    return lifted == null ? affine(g, v, Math.scalb(1.0, exponent), 0) : lower(g, lifted, exponent);
  }

  /** The last value carries the term, in a convolution into which the other values can be fused. */
  @Override
  String sum(FloatGraph g, List<String> values, List<Integer> exponents, double term) {
    int last = values.size() - 1;
    double factor = Math.scalb(1.0, exponents.get(last));
    String total = g.perChannel(values.get(last), channels, factor, term);
    for (int i = last - 1; i >= 0; i--) {
      total = g.add(total, scale(g, values.get(i), exponents.get(i)));
    }
    return total;
  }

  /** Repeated by hand: ONNX Runtime leaves its blocked layout to spread. */
  @Override
  String repeat(FloatGraph g, String v, Shape output) {
    // a convolution brings it into that layout
    return g.repeat(g.perChannel(v, channels, 1, 0), output.dim(1), output.dim(2));
  }

  @Override
  String affine(FloatGraph g, String v, double factor, double term) {
    return factor == 1 && term == 0 ? v : g.perChannel(v, channels, factor, term);
  }
}
