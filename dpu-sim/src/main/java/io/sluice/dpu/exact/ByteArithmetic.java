package io.sluice.dpu.exact;

import static io.sluice.onnx.OnnxAttributes.integer;
import static io.sluice.onnx.OnnxAttributes.string;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The arithmetic of the DPU in the integer nodes of ONNX Runtime, for processors whose INT8 dot
 * products do not saturate. A value n of int8 is held as the byte n + {@link FloatGraph#ZERO}.
 *
 * <p><b>Sums.</b> QLinearConv adds products and a bias in 32 bits, which wrap and never round: a
 * sum that fits is exact in any order, so none of the bounds of {@link FloatArithmetic} applies.
 * AVX2 alone multiplies in pairs that saturate at 16 bits: {@link PlatformCanary} finds that.
 *
 * <p><b>Rounding.</b> QLinearConv then multiplies by a float and rounds halves to even, where
 * DPU_ROUND wants them up. With h = (sum + floor(bias)) + ZERO * 2^shift, the byte is h / 2^shift
 * rounded and limited to 0..255, so only h from 0 to 2^(shift+8) matter, and those are exact as
 * floats for a shift up to 16. Times the float above 2^-shift, a tie k + 1/2 becomes more than that
 * by at least a step of a float at k + 1/2, so it is rounded up. A step of the grid below a tie
 * stays below it: it becomes more by less than 2^8 * 2^-23, and has 2^-shift of room. Both hold for
 * shifts up to {@link #MAX_SHIFT}, for all h, as a test tries. Limits before or after the rounding
 * are the same, and a fraction of the bias is floored away first: floor((t + f) / 2^s) = floor((t +
 * floor(f)) / 2^s) for an integer t.
 *
 * <p>Open to extension so that tests can weaken one form at a time and see it caught.
 */
class ByteArithmetic {
  /** Above, a step below a tie could be rounded to it. */
  static final int MAX_SHIFT = 14;

  private final Map<ByteSum, Boolean> sums = new HashMap<>();

  /** For processors on which it is not exact: takes nothing. */
  static ByteArithmetic none() {
    return new ByteArithmetic() {
      @Override
      boolean takes(Convolution conv) {
        return false;
      }

      @Override
      boolean takes(ElementwiseKernel kernel) {
        return false;
      }
    };
  }

  /** What QLinearConv multiplies a sum by, to divide it by 2^shift. */
  float factor(int shift) {
    float exact = Math.scalb(1f, -shift);
    return shift > 0 ? Math.nextUp(exact) : exact;
  }

  /** Whether a convolution can be done in bytes. */
  boolean takes(Convolution conv) {
    Activation.Kind kind = conv.activation().kind();
    boolean limits =
        kind == Activation.Kind.NONE
            || kind == Activation.Kind.RELU
            || kind == Activation.Kind.RELU6;
    if (!limits || conv.shiftCut() > MAX_SHIFT) {
      return false;
    }
    if (conv.transposed()) {
      return TransposedTiles.applies(conv) && takes(TransposedTiles.of(conv));
    }
    int fanIn = conv.fanIn();
    for (int oc = 0; oc < conv.outChannels(); oc++) {
      long sum = Math.abs(bias(conv, oc));
      for (int i = oc * fanIn; i < (oc + 1) * fanIn; i++) {
        sum += Math.abs(conv.weights()[i]) * -(long) Byte.MIN_VALUE;
      }
      if (sum > Integer.MAX_VALUE) {
        return false;
      }
    }
    return true;
  }

  /**
   * The result of a convolution that {@link #takes} says.
   *
   * @param x the float value of the input, NCHW
   * @return that of the output
   */
  final String convolve(Convolution conv, String x, FloatGraph g) {
    Activation activation = conv.activation();
    return g.fromBytes(g.limited(sum(conv, x, g), activation.lower(), activation.upper()));
  }

  private String sum(Convolution conv, String x, FloatGraph g) {
    if (conv.transposed()) {
      return g.node(
          "DepthToSpace",
          List.of(sum(TransposedTiles.of(conv), x, g)),
          integer("blocksize", conv.y().stride()),
          string("mode", "CRD"));
    }
    int[] bias = new int[conv.outChannels()];
    for (int oc = 0; oc < bias.length; oc++) {
      bias[oc] = (int) bias(conv, oc);
    }
    int depth = conv.inChannels() / conv.groups();
    String one = g.scalar(1);
    return g.node(
        "QLinearConv",
        List.of(
            g.bytes(x),
            g.scalar(factor(conv.shiftCut())),
            g.byteScalar(FloatGraph.ZERO),
            g.int8s(
                channelsFirst(conv, depth),
                conv.outChannels(),
                depth,
                conv.y().kernel(),
                conv.x().kernel()),
            one,
            g.int8Scalar(0),
            one,
            g.byteScalar(0),
            g.int32s(bias)),
        ConvolutionLowering.window(conv.y(), conv.x(), integer("group", conv.groups())));
  }

  /** From [OC, KH, KW, IC / groups] to [OC, IC / groups, KH, KW]. */
  private static byte[] channelsFirst(Convolution conv, int depth) {
    int area = conv.y().kernel() * conv.x().kernel();
    byte[] weights = conv.weights();
    byte[] turned = new byte[weights.length];
    for (int i = 0; i < weights.length; i++) {
      int oc = i / (area * depth);
      int tap = i / depth % area;
      turned[(oc * depth + i % depth) * area + tap] = weights[i];
    }
    return turned;
  }

  /** floor(bias * 2^shift_bias) and ZERO, in steps of the sum; rounded if there is no shift. */
  private static long bias(Convolution conv, int channel) {
    long zero = (long) FloatGraph.ZERO << conv.shiftCut();
    int bias = conv.bias()[channel];
    int shift = conv.shiftBias();
    if (shift < 0 && conv.shiftCut() > 0) {
      return zero + (bias >> -shift);
    }
    return zero + Requantize.round(bias, -shift);
  }

  /** Whether a sum of tensors can be done in bytes. */
  boolean takes(ElementwiseKernel kernel) {
    ByteSum sum = ByteSum.of(kernel);
    return sum != null && sums.computeIfAbsent(sum, ByteSum::isExact);
  }

  /** The result of a sum that {@link #takes} says. */
  final String add(ElementwiseKernel kernel, String a, String b, FloatGraph g) {
    String y = ByteSum.of(kernel).node(g.bytes(a), g.bytes(b), g);
    return g.fromBytes(g.limited(y, kernel.activation().lower(), kernel.activation().upper()));
  }
}
