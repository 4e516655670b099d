package io.sluice.dpu.exact;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;

/**
 * A float convolution of int8 values whose weights and bias are int8 at some fix position too, as
 * the convolution that a DPU would do. They are the same as long as no float sum rounds, in any
 * order: {@link AccumulatorBound} without a rounding half.
 */
final class FloatConvolution {
  private FloatConvolution() {}

  /** int8 values and the position at which they are the floats. */
  private record Fitted(byte[] values, int position) {}

  static ConvolutionKernel of(Op op, int position, Activation activation)
      throws CpuFunctions.NotAFunction {
    Shape in = op.input().output().shape();
    Shape out = op.output().shape();
    Attrs attrs = op.attrs();
    String mode = attrs.getString("pad_mode");
    if (attrs.getInt("group", 1) != 1 || !(mode.equals("FLOOR") || mode.equals("CEIL"))) {
      throw new CpuFunctions.NotAFunction("op '" + op.name() + "' is grouped or padded as " + mode);
    }
    Fitted weights = fitted(op.input("weights"));
    boolean biased = !op.inputs("bias").isEmpty();
    Fitted bias = biased ? fitted(op.input("bias")) : new Fitted(new byte[out.dim(3)], 0);
    int product = position + weights.position();
    int shiftCut = product - activation.position();
    int shiftBias = biased ? product - bias.position() : 0;
    if (shiftCut < 0
        || shiftCut > Convolution.MAX_SHIFT_CUT
        || shiftBias > 16
        || shiftBias < Math.min(0, shiftCut - 16)) {
      throw new CpuFunctions.NotAFunction("the shifts of op '" + op.name() + "' are too large");
    }
    Convolution conv =
        new Convolution(
            false,
            in.dim(0),
            WindowAxis.vertical(op),
            WindowAxis.horizontal(op),
            in.dim(3),
            out.dim(3),
            1,
            weights.values(),
            bias.values(),
            shiftCut,
            shiftBias,
            activation);
    if (!new AccumulatorBound(conv, ValueRange.INT8).proves(new FloatArithmetic())) {
      throw new CpuFunctions.NotAFunction("op '" + op.name() + "' may round its sums");
    }
    return new ConvolutionKernel(conv);
  }

  /** At the smallest position at which all are integers. */
  private static Fitted fitted(Op constant) throws CpuFunctions.NotAFunction {
    if (!constant.type().equals("const")) {
      throw new CpuFunctions.NotAFunction("op '" + constant.name() + "' is no constant");
    }
    float[] floats = constant.constData().toFloats();
    int position = -100;
    for (float value : floats) {
      if (value != 0) {
        int exponent = Math.getExponent(value);
        int bits = Float.floatToRawIntBits(value) & 0x7fffff | 1 << 23;
        position = Math.max(position, 23 - Integer.numberOfTrailingZeros(bits) - exponent);
      }
    }
    position = position == -100 ? 0 : position;
    byte[] values = new byte[floats.length];
    for (int i = 0; i < values.length; i++) {
      float value = Math.scalb(floats[i], position);
      if (!(value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE)) {
        throw new CpuFunctions.NotAFunction("'" + constant.name() + "' is not of 8 bits");
      }
      values[i] = (byte) value;
    }
    return new Fitted(values, position);
  }
}
