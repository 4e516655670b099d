package io.sluice.dpu.exact;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;

/**
 * From an integer at one fix position to int8 at another: what ends every DPU op.
 *
 * @param shift from the position of the integer down to that of the result, -{@value #LIMIT} to
 *     {@value #LIMIT}; negative shifts left
 */
public record Requantize(int shift) {
  static final int LIMIT = 40;

  public Requantize {
    if (shift < -LIMIT || shift > LIMIT) {
      throw new SluiceException(
          ErrorCode.XIR_OUT_OF_RANGE,
          "a shift of " + shift + " between fix positions",
          "requantization",
          "keep the positions within " + LIMIT + " of each other");
    }
  }

  /**
   * clamp(DPU_ROUND(value / 2^shift), -128, 127) (integer form of the fixed-point rule of the
   * guide: halves toward plus infinity, then saturation).
   *
   * @param value below 2^47 in magnitude
   */
  public byte apply(long value) {
    return saturate(round(value, shift));
  }

  /**
   * DPU_ROUND(value / 2^shift) = floor((value + 2^(shift-1)) / 2^shift) for a positive shift; value
   * * 2^-shift otherwise, limited to what a long holds.
   */
  public static long round(long value, int shift) {
    if (shift > 0) {
      return (value + (1L << (shift - 1))) >> shift;
    }
    long limit = Long.MAX_VALUE >> -shift;
    return Math.max(-limit, Math.min(limit, value)) << -shift;
  }

  /** clamp(value, -128, 127). */
  public static byte saturate(long value) {
    return (byte) Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, value));
  }
}
