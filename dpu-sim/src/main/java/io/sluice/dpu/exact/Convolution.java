package io.sluice.dpu.exact;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;

/**
 * A convolution as the DPU is told of it, the same for {@code conv2d-fix}, {@code
 * depthwise-conv2d-fix} and their transposed forms: a depthwise one has as many groups as channels.
 *
 * @param transposed whether the input is spread out by the stride
 * @param batch N
 * @param y the vertical axis
 * @param x the horizontal axis
 * @param inChannels IC
 * @param outChannels OC
 * @param groups divides both
 * @param weights [OC, KH, KW, IC / groups]; for a transposed convolution in the orientation of the
 *     equivalent plain one, that is, flipped against the kernel that would be scattered
 * @param bias [OC]
 * @param shiftCut fp_in + fp_w - position before the activation
 * @param shiftBias fp_in + fp_w - fp_bias
 * @param activation what follows
 */
record Convolution(
    boolean transposed,
    int batch,
    WindowAxis y,
    WindowAxis x,
    int inChannels,
    int outChannels,
    int groups,
    byte[] weights,
    byte[] bias,
    int shiftCut,
    int shiftBias,
    Activation activation) {

  static final int MAX_SHIFT_CUT = 16;

  static Convolution of(Op op) {
    Shape in = op.input().output().shape();
    Shape out = op.output().shape();
    Op weightsOp = op.input("weights");
    Shape w = weightsOp.output().shape();
    if (in.rank() != 4 || out.rank() != 4 || w.rank() != 4) {
      throw FixOps.unexpected(op, in + " by weights " + w, "give tensors of 4 dimensions");
    }
    boolean depthwise = op.type().contains("depthwise");
    int inChannels = in.dim(3);
    int groups = depthwise ? inChannels : op.attrs().getInt("group", 1);
    if (depthwise && w.dim(0) != 1) {
      throw FixOps.unsupported(
          op, "channel multiplier " + w.dim(0), "the DPU knows 1: use grouped convolutions");
    }
    WindowAxis y = WindowAxis.vertical(op);
    WindowAxis x = WindowAxis.horizontal(op);
    if (groups < 1
        || inChannels % groups != 0
        || out.dim(3) % groups != 0
        || w.dim(1) != y.kernel()
        || w.dim(2) != x.kernel()
        || w.dim(3) * (depthwise ? 1 : groups) != inChannels
        || (depthwise ? inChannels : w.dim(0)) != out.dim(3)) {
      throw FixOps.unexpected(
          op,
          "weights " + w + " in " + groups + " groups from " + in + " to " + out,
          "give weights of [OC, KH, KW, IC / groups]");
    }
    byte[] weights = FixOps.constant(op, "weights");
    boolean biased = !op.inputs("bias").isEmpty();
    byte[] bias = biased ? FixOps.constant(op, "bias") : new byte[out.dim(3)];
    if (bias.length != out.dim(3)) {
      throw FixOps.unexpected(op, bias.length + " biases for " + out, "give one a channel");
    }
    Activation activation = Activation.of(op, FixOps.position(op));
    int product = FixOps.position(op.input()) + FixOps.position(weightsOp);
    int shiftCut = shift(op, "shift_cut", product - activation.position());
    int shiftBias =
        biased ? shift(op, "shift_bias", product - FixOps.position(op.input("bias"))) : 0;
    boolean leaky = activation.kind() == Activation.Kind.LEAKYRELU;
    FixOps.range(op, "shift_cut", shiftCut, 0, MAX_SHIFT_CUT);
    FixOps.range(op, "shift_bias", shiftBias, leaky ? 0 : Math.min(0, shiftCut - 16), 16);
    Convolution conv =
        new Convolution(
            op.type().startsWith("transposed"),
            in.dim(0),
            y,
            x,
            inChannels,
            out.dim(3),
            groups,
            depthwise ? tapsLast(weights, inChannels) : weights,
            bias,
            shiftCut,
            shiftBias,
            activation);
    conv.requireInt32(op);
    return conv;
  }

  private static int shift(Op op, String attr, int expected) {
    int value = op.attrs().getInt(attr, expected);
    if (value != expected) {
      throw FixOps.unexpected(
          op,
          attr + " is " + value + " where " + expected + " follows from the fix positions",
          "compile the model again");
    }
    return expected;
  }

  /** From [1, KH, KW, C] to [C, KH, KW, 1]. */
  private static byte[] tapsLast(byte[] weights, int channels) {
    byte[] result = new byte[weights.length];
    int taps = weights.length / channels;
    for (int tap = 0; tap < taps; tap++) {
      for (int c = 0; c < channels; c++) {
        result[c * taps + tap] = weights[tap * channels + c];
      }
    }
    return result;
  }

  Convolution withWeights(byte[] others) {
    return new Convolution(
        transposed,
        batch,
        y,
        x,
        inChannels,
        outChannels,
        groups,
        others,
        bias,
        shiftCut,
        shiftBias,
        activation);
  }

  /** The weights that feed one output: KH * KW * IC / groups. */
  int fanIn() {
    return y.kernel() * x.kernel() * (inChannels / groups);
  }

  /** By how many bits the bias is finer than the products. */
  int biasBits() {
    return Math.max(0, -shiftBias);
  }

  /** The accumulator with its bias is on a grid of 2^-bits of the result. */
  int bits() {
    return shiftCut + biasBits();
  }

  Shape outputShape() {
    return Shape.of(batch, y.out(), x.out(), outChannels);
  }

  private void requireInt32(Op op) {
    for (int oc = 0; oc < outChannels; oc++) {
      long sum = 0;
      for (int i = oc * fanIn(); i < (oc + 1) * fanIn(); i++) {
        sum += Math.abs(weights[i]);
      }
      if (sum * -Byte.MIN_VALUE > Integer.MAX_VALUE) {
        throw new SluiceException(
            ErrorCode.SLUICE_LIMIT,
            "channel " + oc + " can overflow the 32-bit accumulator",
            FixOps.place(op),
            "split the layer or make its weights smaller");
      }
    }
  }
}
