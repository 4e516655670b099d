package io.sluice.dpu.exact;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Arithmetic of the tests, in exact rationals and written apart from what it checks. */
final class Exactly {
  private static final BigDecimal HALF = new BigDecimal("0.5");

  private Exactly() {}

  /** value * 2^exponent. */
  static BigDecimal scaled(BigDecimal value, int exponent) {
    BigDecimal two = BigDecimal.valueOf(2);
    return exponent >= 0 ? value.multiply(two.pow(exponent)) : value.multiply(HALF.pow(-exponent));
  }

  static BigDecimal scaled(long value, int exponent) {
    return scaled(BigDecimal.valueOf(value), exponent);
  }

  /** The nearest integer, halves upwards. */
  static BigInteger halfUp(BigDecimal value) {
    return value.add(HALF).setScale(0, RoundingMode.FLOOR).toBigInteger();
  }

  static int clamp(BigInteger value, int low, int high) {
    return value.max(BigInteger.valueOf(low)).min(BigInteger.valueOf(high)).intValue();
  }

  static byte toInt8(BigDecimal value) {
    return (byte) clamp(halfUp(value), -128, 127);
  }

  /** The hard sigmoid of q * 2^-position as an int8 at another position. */
  static byte hardSigmoid(int q, int position, int resultPosition) {
    BigDecimal x = scaled(q, -position).add(BigDecimal.valueOf(3)).max(BigDecimal.ZERO);
    BigDecimal sixth = scaled(2731, -14);
    return toInt8(scaled(x.multiply(sixth), resultPosition));
  }

  /**
   * An activation of a real value as an int8.
   *
   * @param position of the value before a hard sigmoid or swish
   * @param resultPosition of the result
   */
  static byte activated(Activation.Kind kind, BigDecimal value, int position, int resultPosition) {
    BigDecimal zero = BigDecimal.ZERO;
    return switch (kind) {
      case NONE -> toInt8(scaled(value, resultPosition));
      case RELU -> toInt8(scaled(value.max(zero), resultPosition));
      case RELU6 -> toInt8(scaled(value.max(zero).min(BigDecimal.valueOf(6)), resultPosition));
      case LEAKYRELU ->
          toInt8(
              scaled(
                  value.signum() < 0 ? value.multiply(new BigDecimal("0.1015625")) : value,
                  resultPosition));
      case HSIGMOID -> hardSigmoid(toInt8(scaled(value, position)), position, resultPosition);
      case HSWISH -> {
        byte z = toInt8(scaled(value, position));
        BigDecimal gate = scaled(hardSigmoid(z, position, 7), -7);
        yield toInt8(scaled(scaled(z, -position).multiply(gate), resultPosition));
      }
    };
  }
}
