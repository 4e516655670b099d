package io.sluice.dpu.exact;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.ort.BoundRun;
import io.sluice.ort.TensorBuffer;
import io.sluice.xir.DataType;
import io.sluice.xir.FixPoint;
import io.sluice.xir.RoundMode;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;

/** The borders between float and fixed point: {@code float2fix}, {@code fix2float}, {@code fix}. */
public final class FixBorder {
  private FixBorder() {}

  /**
   * {@code float2fix}: q = clamp(round(x * 2^position), lo, hi), in double, where both steps are
   * exact; lo, hi are -2^(bits-1), 2^(bits-1) - 1 or, unsigned, 0, 2^bits - 1. Infinities saturate.
   *
   * @param values FLOAT32
   * @param position fix position, -128 to 127
   * @param type XINT or XUINT of 2 to 8 bits
   * @return values of the type, of the same shape
   * @throws SluiceException XIR_MEANINGLESS_VALUE for a NaN, XIR_INVALID_DATA_TYPE for other types
   */
  public static TensorData toFix(
      TensorData values, int position, DataType type, RoundMode rounding) {
    FixRounding loop = FixRounding.of(values.type(), position, type, rounding);
    byte[] fixed = new byte[values.shape().elements()];
    loop.round(values.array(), fixed, fixed.length, 0, values);
    return TensorData.wrap(type, values.shape(), fixed);
  }

  /**
   * {@code float2fix} to what a tensor declares: its type, {@code fix_point} and {@code round_mode}
   * (DPU_ROUND if it has none).
   *
   * @param values FLOAT32
   * @param wanted fixed point of at most 8 bits; its shape does not matter
   * @return values of the tensor's type, of the shape given
   * @throws SluiceException XIR_UNDEFINED_ATTR if the tensor has no {@code fix_point},
   *     XIR_OUT_OF_RANGE if it is not -128 to 127, and as {@link #toFix(TensorData, int, DataType,
   *     RoundMode)}
   */
  public static TensorData toFix(TensorData values, Tensor wanted) {
    return toFix(values, position(wanted), wanted.type(), rounding(wanted));
  }

  /**
   * The same from memory to memory.
   *
   * @param values of a FLOAT32 tensor
   * @param fixed of a tensor as above, of the same shape
   */
  public static BoundRun toFix(TensorBuffer values, TensorBuffer fixed) {
    Tensor wanted = fixed.tensor();
    FixRounding loop =
        FixRounding.of(values.tensor().type(), position(wanted), wanted.type(), rounding(wanted));
    return loop.bind(values, fixed);
  }

  private static RoundMode rounding(Tensor wanted) {
    return RoundMode.parse(wanted.attrs().getString("round_mode", RoundMode.DPU_ROUND.name()));
  }

  private static int position(Tensor wanted) {
    int position = wanted.attrs().getInt("fix_point");
    if (position < FixPoint.MIN_POSITION || position > FixPoint.MAX_POSITION) {
      throw new SluiceException(
          ErrorCode.XIR_OUT_OF_RANGE,
          "fix_point " + position,
          "tensor '" + wanted.name() + "'",
          "keep it within " + FixPoint.MIN_POSITION + ".." + FixPoint.MAX_POSITION);
    }
    return position;
  }

  /**
   * {@code fix2float}: x = q * 2^-position, exact in float for positions -100 to 100.
   *
   * @param values XINT or XUINT of at most 8 bits
   * @return FLOAT32 of the same shape
   */
  public static TensorData toFloat(TensorData values, int position) {
    if (!values.type().isFixedPoint() || values.type().bits() > 8) {
      throw new SluiceException(
          ErrorCode.XIR_INVALID_DATA_TYPE,
          values.type() + " to FLOAT32",
          "fix to float",
          "convert XINT or XUINT of at most 8 bits");
    }
    boolean signed = values.type().kind() == DataType.Kind.XINT;
    float scale = Math.scalb(1f, -position);
    float[] floats = new float[values.shape().elements()];
    for (int i = 0; i < floats.length; i++) {
      int q = values.getByte(i);
      floats[i] = (signed ? q : q & 0xff) * scale;
    }
    return TensorData.ofFloats(values.shape(), floats);
  }
}
