package io.sluice.xir;

/**
 * Power-of-two fixed point: a value x at position p is stored as {@code q = clamp(round(x * 2^p),
 * -2^(bits-1), 2^(bits-1) - 1)} and means {@code q * 2^-p}. A position may be negative.
 */
public final class FixPoint {
  /** Positions lie in [-128, 127]: what the tools of the Vitis AI flow clamp them to. */
  public static final int MIN_POSITION = -128;

  public static final int MAX_POSITION = 127;

  /**
   * The position of a tensor that is zero everywhere, before the rules of the hardware narrow it.
   * Any position represents zero; this one is the highest that every operator accepts.
   */
  public static final int ZERO_TENSOR_POSITION = 15;

  private FixPoint() {}

  /** The smallest integer of a signed width. */
  public static int low(int bits) {
    return -(1 << (bits - 1));
  }

  /** The largest integer of a signed width. */
  public static int high(int bits) {
    return (1 << (bits - 1)) - 1;
  }

  /** {@code 2^exponent} as a double, exact for every position. */
  public static double powerOfTwo(int exponent) {
    return Math.scalb(1.0, exponent);
  }

  /** The stored integer of a value, which must not be NaN. */
  public static int quantize(float value, int position, int bits, RoundMode round) {
    double q = round.round(value * powerOfTwo(position));
    return (int) Math.max(low(bits), Math.min(high(bits), q));
  }

  /** The value that a stored integer means. */
  public static float dequantize(int stored, int position) {
    return (float) (stored * powerOfTwo(-position));
  }

  /**
   * The highest position at which no value of a range overflows: {@code floor(log2(1 / max(min /
   * (low - 0.5), max / (high + 0.5))))}, clamped to [-128, 127]. Computed without a logarithm, so
   * that it is exact.
   *
   * @param min the smallest value, finite
   * @param max the largest value, finite
   * @return the position; {@link #ZERO_TENSOR_POSITION} if both are zero
   */
  public static int nonOverflowPosition(float min, float max, int bits) {
    double low = low(bits) - 0.5;
    double high = high(bits) + 0.5;
    if (min >= 0 && max <= 0) {
      return ZERO_TENSOR_POSITION;
    }
    double reach = Math.max(min / low, max / high);
    int position = -Math.getExponent(reach);
    // reach lies in [2^e, 2^(e+1)): at -e the scaled reach is in [1, 2), and only 1 fits. The
    // quotient was rounded, so the decision is left to exact products.
    while (position > MIN_POSITION && !fits(min, max, position, low, high)) {
      position--;
    }
    while (position < MAX_POSITION && fits(min, max, position + 1, low, high)) {
      position++;
    }
    return Math.max(MIN_POSITION, Math.min(MAX_POSITION, position));
  }

  private static boolean fits(float min, float max, int position, double low, double high) {
    double scale = powerOfTwo(position);
    return min * scale >= low && max * scale <= high;
  }
}
