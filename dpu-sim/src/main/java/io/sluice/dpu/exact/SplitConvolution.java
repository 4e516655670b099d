package io.sluice.dpu.exact;

import java.util.ArrayList;
import java.util.List;

/**
 * A convolution whose sums do not fit 2^24, split over its input channels.
 *
 * <p>Each part P_i = sum of w * x over some channels fits 2^24 by {@link AccumulatorBound}, so the
 * float convolution of the part is exact. Their sum need not fit, so each is cut into P_i = 256 a_i
 * + b_i with a_i = floor(P_i / 256) and b_i in 0..255, and so is the constant k = bias *
 * 2^shift_bias + 2^(shift_cut - 1). (A fraction of the bias below the grid of the products is
 * floored away first: floor((t + f) / 2^s) = floor((t + floor(f)) / 2^s) for an integer t.) A = sum
 * of a_i and B = sum of b_i are small integers; carrying floor(B / 256) over leaves t = 256 A + B
 * with B in 0..255. Now A can be limited to -2^15 - 1 .. 2^15: beyond, t / 2^shift_cut saturates
 * for every shift_cut up to 16, and so does the limited one. Then |t| fits 2^24, and the result is
 * clamp(floor(t / 2^shift_cut)).
 */
final class SplitConvolution {
  /** A has to stay within 2^24, each a_i being up to 2^16. */
  private static final int MAX_PARTS = 200;

  private final Convolution conv;
  private final List<int[]> parts;

  SplitConvolution(Convolution conv, ValueRange input) {
    this.conv = conv;
    this.parts = parts(conv, input);
  }

  /** Why a convolution cannot be split; null if it can. */
  static String refusal(Convolution conv, ValueRange input) {
    if (conv.activation().kind() == Activation.Kind.LEAKYRELU) {
      return "and leaky needs the whole sum";
    }
    List<int[]> parts = parts(conv, input);
    if (parts.isEmpty()) {
      return "and so does a single input channel";
    }
    return parts.size() > MAX_PARTS ? "and takes " + parts.size() + " parts" : null;
  }

  /** Ranges of input channels, in each group, that fit; none if some channel alone does not. */
  private static List<int[]> parts(Convolution conv, ValueRange input) {
    int channels = conv.inChannels() / conv.groups();
    List<int[]> parts = new ArrayList<>();
    ChannelSums sums = new ChannelSums(conv, input);
    int from = 0;
    for (int c = 0; c < channels; c++) {
      sums.add(c, c + 1);
      if (sums.largest() > AccumulatorBound.EXACT) {
        parts.add(new int[] {from, c});
        from = c;
        sums = new ChannelSums(conv, input);
        sums.add(c, c + 1);
        if (sums.largest() > AccumulatorBound.EXACT) {
          return List.of();
        }
      }
    }
    parts.add(new int[] {from, channels});
    return parts;
  }

  /** The value after rounding and saturation, before a hard sigmoid or hard swish. */
  String lower(String x, FloatGraph g) {
    String high = null;
    String low = null;
    for (int[] part : parts) {
      String sum = partial(x, part[0], part[1], g);
      String a = g.floor(g.multiply(sum, 1.0 / 256));
      String b = g.subtract(sum, g.multiply(a, 256));
      high = high == null ? a : g.add(high, a);
      low = low == null ? b : g.add(low, b);
    }
    int channels = conv.outChannels();
    float[] constantHigh = new float[channels];
    float[] constantLow = new float[channels];
    for (int oc = 0; oc < channels; oc++) {
      long k = constant(conv.bias()[oc]);
      constantHigh[oc] = k >> 8;
      constantLow[oc] = k & 255;
    }
    high = g.add(high, g.floats(constantHigh, 1, channels, 1, 1));
    low = g.add(low, g.floats(constantLow, 1, channels, 1, 1));
    String carry = g.floor(g.multiply(low, 1.0 / 256));
    low = g.subtract(low, g.multiply(carry, 256));
    high = g.clip(g.add(high, carry), -(1 << 15) - 1, 1 << 15);
    String total = g.add(g.multiply(high, 256), low);
    Activation activation = conv.activation();
    boolean whole = activation.hardSigmoid() == null;
    return g.floor(
        g.clip(
            g.multiply(total, Math.scalb(1.0, -conv.shiftCut())),
            whole ? activation.lower() : Byte.MIN_VALUE,
            whole ? activation.upper() : Byte.MAX_VALUE));
  }

  /** floor(bias * 2^shift_bias) + 2^(shift_cut - 1); with shift_cut 0 the half joins the bias. */
  private long constant(long bias) {
    if (conv.shiftBias() >= 0) {
      return (bias << conv.shiftBias()) + half();
    }
    return conv.shiftCut() == 0
        ? Requantize.round(bias, -conv.shiftBias())
        : (bias >> -conv.shiftBias()) + half();
  }

  /** 2^(shift_cut - 1); integers need none. */
  private long half() {
    return conv.shiftCut() > 0 ? 1L << (conv.shiftCut() - 1) : 0;
  }

  private String partial(String x, int from, int to, FloatGraph g) {
    if (conv.groups() == 1) {
      String slice = g.node("Slice", List.of(x, g.longs(from), g.longs(to), g.longs(1)));
      return ConvolutionLowering.node(
          conv, slice, ConvolutionLowering.weights(conv, from, to, 1, 0), null, g);
    }
    byte[] masked = conv.weights().clone();
    int channels = conv.inChannels() / conv.groups();
    for (int i = 0; i < masked.length; i++) {
      if (i % channels < from || i % channels >= to) {
        masked[i] = 0;
      }
    }
    return ConvolutionLowering.node(
        conv, x, ConvolutionLowering.weights(conv.withWeights(masked), 0, channels, 1, 0), null, g);
  }
}
