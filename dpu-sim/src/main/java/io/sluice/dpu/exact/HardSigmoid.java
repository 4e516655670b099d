package io.sluice.dpu.exact;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;

/**
 * The hard sigmoid in integers, relu6(x + 3) * 2731 / 2^14 where 2731 / 2^14 stands for 1/6.
 *
 * @param position the fix position of the int8 argument, 0 to 15
 * @param shift {@code shift_hsigmoid} = 14 + position - position of the result, 0 to 31
 */
public record HardSigmoid(int position, int shift) {
  static final int FACTOR = 2731;
  static final int FACTOR_BITS = 14;

  /** Where hard-swish keeps its inner hard sigmoid. */
  static final int SWISH_POSITION = 7;

  private static final long LIMIT = 1L << 32;

  public HardSigmoid {
    if (position < 0 || position > 15 || shift < 0 || shift > 31) {
      throw new SluiceException(
          ErrorCode.XIR_OUT_OF_RANGE,
          "hard sigmoid of fix position " + position + " with shift " + shift,
          "attributes hsigmoid_in and shift_hsigmoid",
          "keep the position within 0..15 and the shift within 0..31");
    }
  }

  /** From the position of the argument to that of the result. */
  static HardSigmoid between(int position, int resultPosition) {
    return new HardSigmoid(position, FACTOR_BITS + position - resultPosition);
  }

  /**
   * t = clamp(2731 * x + 3 * 2731 * 2^position, 0, 2^32); y = clamp(DPU_ROUND(t / 2^shift), -128,
   * 127). The upper end of relu6 is left to the saturation, as the CPU reference of the tools does.
   */
  public byte apply(int x) {
    long t = (long) FACTOR * x + (3L * FACTOR << position);
    return Requantize.saturate(Requantize.round(Math.max(0, Math.min(LIMIT, t)), shift));
  }
}
