package io.sluice.dpu.exact;

import java.util.List;

/**
 * The arithmetic of the DPU in float nodes, each form with the reason why it is exact.
 *
 * <p>Throughout, a value lies on a grid of 2^-bits (bits 0: integers) and counts at most 2^24 steps
 * of it, so a float holds it; {@link AccumulatorBound} and the refusals of the lowerings see to
 * that. Floor, Clip to integers, and scaling by powers of two are exact then, sums and products are
 * exact as long as they stay on a grid of at most 2^24 steps, and DPU_ROUND(v) is floor(v + 1/2).
 *
 * <p>Open to extension so that tests can weaken one form at a time and see it caught.
 */
class FloatArithmetic {
  /** Beyond this shift the rounding half is finer than what a float adds to an int8 exactly. */
  static final int MAX_SHIFT = 24;

  /** The bits that 13 = 26/2, the factor of leaky, leaves of 2^24. */
  static final int MAX_LEAKY_BITS = 20;

  /** How many steps of its grid a sum may count. */
  long exact() {
    return AccumulatorBound.EXACT;
  }

  /** What is added before the floor. Integers need no rounding. */
  double half(int bits) {
    return bits > 0 ? 0.5 : 0;
  }

  /** clamp(floor(v), low, high) for a value that has its half already. */
  String settle(FloatGraph g, String v, int bits, int low, int high) {
    String clipped = g.clip(v, low, high);
    return bits > 0 ? g.floor(clipped) : clipped;
  }

  /** clamp(DPU_ROUND(v), low, high). */
  final String round(FloatGraph g, String v, int bits, int low, int high) {
    return settle(g, g.add(v, half(bits)), bits, low, high);
  }

  /** An int8 value at another fix position. Exact for shifts up to {@link #MAX_SHIFT}. */
  final String requantize(FloatGraph g, String v, Requantize requantize) {
    int shift = requantize.shift();
    return shift == 0 ? v : round(g, scale(g, v, -shift), shift, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  final String scale(FloatGraph g, String v, int exponent) {
    return g.multiply(v, Math.scalb(1.0, exponent));
  }

  /**
   * The activation of a value in steps of the position before it.
   *
   * @param halved whether v has the rounding half already; never for LEAKYRELU
   */
  final String activate(FloatGraph g, String v, int bits, boolean halved, Activation activation) {
    if (activation.kind() == Activation.Kind.LEAKYRELU) {
      return leaky(g, v, bits);
    }
    String sum = halved ? v : g.add(v, half(bits));
    if (activation.hardSigmoid() == null) {
      return settle(g, sum, bits, activation.lower(), activation.upper());
    }
    return byteFunction(g, settle(g, sum, bits, Byte.MIN_VALUE, Byte.MAX_VALUE), activation);
  }

  /**
   * LEAKYRELU with slope 13/128: max(DPU_ROUND(v), DPU_ROUND(v * 13/128)), as rounding is monotone.
   *
   * <p>v * 13 would need four more bits than v. So below zero, where v can be limited to -2048
   * (already -208 afterwards), v = i + f with i = floor(v): floor((13 i + 13 f + 64) / 128) =
   * floor((13 i + floor(13 f) + 64) / 128), and 13 f < 13 is on the grid of v, so {@link
   * #MAX_LEAKY_BITS} bits of it fit.
   */
  String leaky(FloatGraph g, String v, int bits) {
    String negative = g.clip(v, -2048, 0);
    String whole = g.floor(negative);
    String part = g.floor(g.multiply(g.subtract(negative, whole), 13));
    String scaled = g.add(g.add(g.multiply(whole, 13), part), 64);
    String below = g.floor(scale(g, scaled, -7));
    String above = bits > 0 ? g.floor(g.add(v, half(bits))) : v;
    return g.clip(g.node("Max", List.of(above, below)), Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  /**
   * HSIGMOID or HSWISH of an int8 value. Some sums here are longer than 24 bits, so there is no
   * argument by bits: {@link ByteFunctionProof} tries all 256 arguments.
   */
  final String byteFunction(FloatGraph g, String z, Activation activation) {
    HardSigmoid sigmoid = activation.hardSigmoid();
    double factor = Math.scalb((double) HardSigmoid.FACTOR, -sigmoid.shift());
    double three = 3 * Math.scalb(factor, sigmoid.position());
    String sum = g.add(g.multiply(z, factor), three + 0.5);
    String gate = g.floor(g.clip(sum, 0, Byte.MAX_VALUE));
    if (activation.kind() == Activation.Kind.HSIGMOID) {
      return gate;
    }
    String product = g.node("Mul", List.of(z, gate));
    return requantize(g, product, new Requantize(activation.shiftHswish()));
  }
}
