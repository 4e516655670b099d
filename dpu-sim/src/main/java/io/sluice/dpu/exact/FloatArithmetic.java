package io.sluice.dpu.exact;

import io.sluice.xir.Shape;
import java.util.List;
import java.util.function.Predicate;

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

  /** The forms in which an op may be done, the better first; this one takes everything. */
  List<FloatArithmetic> forms(Shape output) {
    return List.of(this);
  }

  /** The first of the forms for which something is proved; null if there is none. */
  final FloatArithmetic first(Shape output, Predicate<FloatArithmetic> proved) {
    return forms(output).stream().filter(proved).findFirst().orElse(null);
  }

  /** This form for a tensor of another shape, NHWC. */
  FloatArithmetic on(Shape output) {
    return this;
  }

  /** Whether this form has a way to do an activation. */
  boolean supports(Activation activation) {
    return true;
  }

  /** By how many bits the grid of a plain sum has to be finer than that of its terms. */
  int finerBits() {
    return 0;
  }

  /** What is added before the floor. Integers need no rounding. */
  double half(int bits) {
    return bits > 0 ? 0.5 : 0;
  }

  /**
   * How a sum is made that is to be settled: as sign * v + term, the rounding half included.
   *
   * @param sign 1 or -1
   * @param finerBits by how many bits its grid is finer than that of v
   */
  record Frame(int sign, double term, int finerBits) {

    /** v, or a term of it that comes once, in the frame. */
    double of(double v) {
      return sign * v + term;
    }

    /**
     * The term in steps of the grid.
     *
     * @param bits of v
     */
    long steps(int bits) {
      return (long) Math.scalb(term, bits + finerBits);
    }

    /**
     * The largest magnitude that a partial sum can count to.
     *
     * @param total the same of v, in steps of 2^-bits
     */
    long count(long total, int bits) {
      return (total << finerBits) + Math.abs(steps(bits));
    }
  }

  /** The frame of a sum that is limited from above and rounded. */
  Frame frame(int bits, int high) {
    return plain(bits);
  }

  /** The frame of a sum as it is. */
  final Frame plain(int bits) {
    return new Frame(1, half(bits), finerBits());
  }

  /** The frame of a sum before an activation; {@link #leaky} adds the half itself. */
  final Frame frame(int bits, Activation activation) {
    return activation.kind() == Activation.Kind.LEAKYRELU
        ? plain(bits)
        : frame(bits, upperLimit(activation));
  }

  /** {@link #settle} of a v that stands in its frame, half included. */
  String settleFramed(FloatGraph g, String framed, int bits, int low, int high) {
    return settle(g, framed, bits, low, high);
  }

  /** clamp(DPU_ROUND(v * factor + term), low, high). */
  private String settle(
      FloatGraph g, String v, double factor, double term, int bits, int low, int high) {
    Frame frame = frame(bits, high);
    return settleFramed(g, affine(g, v, frame.sign() * factor, frame.of(term)), bits, low, high);
  }

  /** clamp(floor(v), low, high) for a value that has its half already. */
  String settle(FloatGraph g, String v, int bits, int low, int high) {
    String clipped = g.clip(v, low, high);
    return bits > 0 ? g.floor(clipped) : clipped;
  }

  /**
   * An int8 value at another fix position. Exact for shifts up to {@link #MAX_SHIFT}: 128 and the
   * half are 2^24 steps of the grid then.
   *
   * @param shape of the tensor that is made, NHWC
   */
  final String requantize(FloatGraph g, String v, Requantize requantize, Shape shape) {
    int shift = requantize.shift();
    if (shift == 0) {
      return v;
    }
    int bits = Math.max(0, shift);
    FloatArithmetic form =
        first(shape, f -> f.frame(bits, Byte.MAX_VALUE).count(128, bits) <= f.exact());
    return (form == null ? this : form).shifted(g, v, shift);
  }

  /** clamp(DPU_ROUND(v / 2^shift)) to int8. */
  private String shifted(FloatGraph g, String v, int shift) {
    return settle(
        g, v, Math.scalb(1.0, -shift), 0, Math.max(0, shift), Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  /** v * 2^exponent of an integer v. */
  String scale(FloatGraph g, String v, int exponent) {
    return g.multiply(v, Math.scalb(1.0, exponent));
  }

  /** The sum of v * 2^exponent over integers v, plus a term. */
  String sum(FloatGraph g, List<String> values, List<Integer> exponents, double term) {
    String total = null;
    for (int i = 0; i < values.size(); i++) {
      String scaled = scale(g, values.get(i), exponents.get(i));
      total = total == null ? scaled : g.add(total, scaled);
    }
    return affine(g, total, 1, term);
  }

  /**
   * An operand of one pixel, for all pixels of an output, NHWC.
   *
   * @return something that ONNX spreads
   */
  String repeat(FloatGraph g, String v, Shape output) {
    return v;
  }

  /** v * factor + term. */
  String affine(FloatGraph g, String v, double factor, double term) {
    return g.add(g.multiply(v, factor), term);
  }

  /**
   * The activation of a value in steps of the position before it.
   *
   * @param v with the rounding half, but for LEAKYRELU
   */
  final String activate(FloatGraph g, String v, int bits, Activation activation) {
    if (activation.kind() == Activation.Kind.LEAKYRELU) {
      return leaky(g, v, bits);
    }
    return activateSettled(
        g, settle(g, v, bits, lowerLimit(activation), upperLimit(activation)), activation);
  }

  /** The activation, but LEAKYRELU, of a value in the frame of its {@link #upperLimit}. */
  final String activateFramed(FloatGraph g, String framed, int bits, Activation activation) {
    return activateSettled(
        g,
        settleFramed(g, framed, bits, lowerLimit(activation), upperLimit(activation)),
        activation);
  }

  private String activateSettled(FloatGraph g, String z, Activation activation) {
    return activation.hardSigmoid() == null ? z : byteFunction(g, z, activation);
  }

  private static int lowerLimit(Activation activation) {
    return activation.hardSigmoid() == null ? activation.lower() : Byte.MIN_VALUE;
  }

  /** What a value is limited to before its activation. */
  static int upperLimit(Activation activation) {
    return activation.hardSigmoid() == null ? activation.upper() : Byte.MAX_VALUE;
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
    String gate = gate(g, z, activation.hardSigmoid());
    if (activation.kind() == Activation.Kind.HSIGMOID) {
      return gate;
    }
    String product = g.node("Mul", List.of(z, gate));
    return shifted(g, product, activation.shiftHswish());
  }

  /** HSIGMOID of an int8 value. */
  String gate(FloatGraph g, String z, HardSigmoid sigmoid) {
    double factor = Math.scalb((double) HardSigmoid.FACTOR, -sigmoid.shift());
    double three = 3 * Math.scalb(factor, sigmoid.position());
    int bits = Math.max(1, sigmoid.shift());
    return settle(g, z, factor, three, bits, 0, Byte.MAX_VALUE);
  }
}
