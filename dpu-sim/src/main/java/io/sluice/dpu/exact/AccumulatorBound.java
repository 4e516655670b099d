package io.sluice.dpu.exact;

/**
 * Why a float convolution gives the exact accumulator, or which channel's does not.
 *
 * <p>The terms of one output are the products w * x, the bias and the rounding half. On the grid of
 * 2^-(shift_cut + max(0, -shift_bias) + {@link FloatArithmetic#finerBits}) all of them are
 * integers, and every partial sum, whatever its order, is the sum of a subset of them. Such a sum
 * lies between the sum of all that can be negative and the sum of all that can be positive. When
 * both are within 2^24, a float holds every partial sum exactly: no addition rounds, no order
 * differs, and contraction into a fused multiply-add changes nothing. Scaling the weights by a
 * power of two only moves the exponent.
 *
 * <p>It needs an implementation that adds products and nothing else: direct, im2col with GEMM, and
 * blocked forms do, Winograd and FFT do not. ONNX Runtime's CPU provider has only the former.
 *
 * @param worstChannel the output channel with the largest sum
 * @param magnitude its sum, in steps of the grid
 */
record AccumulatorBound(int worstChannel, long magnitude) {

  /** A float32 holds every integer up to this. */
  static final long EXACT = 1L << 24;

  /**
   * The bound of a convolution whose input has a range.
   *
   * @param form which adds the rounding half, and the offset of its frame, in the same sum
   */
  static AccumulatorBound of(Convolution conv, ValueRange input, FloatArithmetic form) {
    int below = Math.max(0, -conv.shiftBias());
    int finer = below + form.finerBits();
    int bits = conv.shiftCut() + below;
    long half = form.halfSteps(bits);
    long offset = form.frameSteps(bits, FloatArithmetic.upperLimit(conv.activation()));
    int fanIn = conv.fanIn();
    int worst = 0;
    long largest = -1;
    for (int oc = 0; oc < conv.outChannels(); oc++) {
      long bias = (long) conv.bias()[oc] << Math.max(0, conv.shiftBias()) + form.finerBits();
      long magnitude =
          offset
              + magnitude(
                  conv.weights(), oc * fanIn, (oc + 1) * fanIn, 1, input, finer, bias + half);
      if (magnitude > largest) {
        largest = magnitude;
        worst = oc;
      }
    }
    return new AccumulatorBound(worst, largest);
  }

  /**
   * The largest partial sum of some weights of a channel.
   *
   * @param from first weight
   * @param to behind the last
   * @param step from one to the next
   * @param finer bits of the grid below the products
   * @param constant what else is added, on the grid
   */
  static long magnitude(
      byte[] weights, int from, int to, int step, ValueRange input, int finer, long constant) {
    long positive = 0;
    long negative = 0;
    for (int i = from; i < to; i += step) {
      int a = weights[i] * input.low();
      int b = weights[i] * input.high();
      positive += Math.max(0, Math.max(a, b));
      negative += Math.min(0, Math.min(a, b));
    }
    return Math.max(
        (positive << finer) + Math.max(0, constant), -(negative << finer) - Math.min(0, constant));
  }

  /** One half in steps of a grid of 2^-bits; none is needed on the integers. */
  static long half(int bits) {
    return bits > 0 ? 1L << (bits - 1) : 0;
  }

  boolean proved() {
    return magnitude <= EXACT;
  }
}
