package io.sluice.dpu.exact;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.RoundMode;
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
