package io.sluice.dpu.exact;

/**
 * Why a float convolution gives the exact accumulator, or which channel's does not.
 *
 * <p>The terms of one output are the products w * x and a constant: the bias, the rounding half and
 * what {@link FloatArithmetic.Frame} adds. On the grid of 2^-(shift_cut + max(0, -shift_bias) +
 * {@link FloatArithmetic.Frame#finerBits}) all of them are integers, and every partial sum,
 * whatever its order, is the sum of a subset of them. Such a sum lies between the sum of all that
 * can be negative and the sum of all that can be positive, which are known per output channel from
 * its own weights and from the {@link ValueRange} of every input channel. When both are within
 * 2^24, a float holds every partial sum exactly: no addition rounds, no order differs, and
 * contraction into a fused multiply-add changes nothing. Scaling the weights by a power of two only
 * moves the exponent.
 *
 * <p>It needs an implementation that adds products and nothing else: direct, im2col with GEMM, and
 * blocked forms do, Winograd and FFT do not. ONNX Runtime's CPU provider has only the former.
 */
final class AccumulatorBound {
  /** A float32 holds every integer up to this. */
  static final long EXACT = 1L << 24;

  private final Convolution conv;
  private final ChannelSums sums;

  /**
   * @param input what the producers of the input give
   */
  AccumulatorBound(Convolution conv, ValueRange input) {
    this.conv = conv;
    this.sums = ChannelSums.of(conv, input);
  }

  /** Whether no channel of a form can leave what it holds exactly. */
  boolean proves(FloatArithmetic form) {
    return steps(worstChannel(form), form) <= form.exact();
  }

  /** The output channel with the largest partial sum. */
  int worstChannel(FloatArithmetic form) {
    int worst = 0;
    long largest = -1;
    for (int oc = 0; oc < conv.outChannels(); oc++) {
      long steps = steps(oc, form);
      if (steps > largest) {
        largest = steps;
        worst = oc;
      }
    }
    return worst;
  }

  /** The largest magnitude of a partial sum of an output channel, in steps of the grid. */
  long steps(int outChannel, FloatArithmetic form) {
    FloatArithmetic.Frame frame = form.frame(conv.bits(), conv.activation());
    int finer = conv.biasBits() + frame.finerBits();
    long constant =
        (frame.sign() * bias(outChannel) << frame.finerBits()) + frame.steps(conv.bits());
    long above = frame.sign() > 0 ? sums.above(outChannel) : -sums.below(outChannel);
    long below = frame.sign() > 0 ? sums.below(outChannel) : -sums.above(outChannel);
    return Math.max(
        (above << finer) + Math.max(0, constant), -(below << finer) - Math.min(0, constant));
  }

  /** The values that come out, by output channel. */
  ValueRange results() {
    return ValueRange.of(
        conv.outChannels(),
        oc ->
            ActivationRange.of(
                conv.activation(),
                (sums.below(oc) << conv.biasBits()) + bias(oc),
                (sums.above(oc) << conv.biasBits()) + bias(oc),
                conv.bits()));
  }

  /** In steps of 2^-bits. */
  private long bias(int outChannel) {
    return (long) conv.bias()[outChannel] << Math.max(0, conv.shiftBias());
  }
}
