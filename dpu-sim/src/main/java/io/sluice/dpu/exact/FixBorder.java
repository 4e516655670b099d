package io.sluice.dpu.exact;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
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
    if (!type.isFixedPoint() || type.bits() > 8 || !values.type().equals(DataType.FLOAT32)) {
      throw new SluiceException(
          ErrorCode.XIR_INVALID_DATA_TYPE,
          values.type() + " to " + type,
          "float to fix",
          "convert FLOAT32 to at most 8 bits");
    }
    boolean signed = type.kind() == DataType.Kind.XINT;
    double low = signed ? -(1 << (type.bits() - 1)) : 0;
    double high = (signed ? 1 << (type.bits() - 1) : 1 << type.bits()) - 1;
    double scale = Math.scalb(1.0, position);
    byte[] fixed = new byte[values.shape().elements()];
    for (int i = 0; i < fixed.length; i++) {
      float value = values.getFloat(i);
      if (Float.isNaN(value)) {
        throw new SluiceException(
            ErrorCode.XIR_MEANINGLESS_VALUE,
            "NaN at index " + i + " of " + values,
            "float to fix",
            "look for the op that made it");
      }
      fixed[i] = (byte) (int) Math.max(low, Math.min(high, rounding.round(value * scale)));
    }
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
    int position = wanted.attrs().getInt("fix_point");
    if (position < FixPoint.MIN_POSITION || position > FixPoint.MAX_POSITION) {
      throw new SluiceException(
          ErrorCode.XIR_OUT_OF_RANGE,
          "fix_point " + position,
          "tensor '" + wanted.name() + "'",
          "keep it within " + FixPoint.MIN_POSITION + ".." + FixPoint.MAX_POSITION);
    }
    String rounding = wanted.attrs().getString("round_mode", RoundMode.DPU_ROUND.name());
    return toFix(values, position, wanted.type(), RoundMode.parse(rounding));
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
