package io.sluice.dpu.exact;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Attrs;
import io.sluice.xir.Op;

/**
 * The nonlinear part of an op and the step from the accumulator to int8.
 *
 * @param kind which one
 * @param position the fix position of the int8 value before a hard sigmoid or hard swish, and of
 *     the result for the others
 * @param upper the largest result, in steps of the result's fix position
 * @param hardSigmoid for HSIGMOID and HSWISH, else null
 * @param shiftHswish for HSWISH, else 0
 */
public record Activation(
    Kind kind, int position, int upper, HardSigmoid hardSigmoid, int shiftHswish) {

  /**
   * What {@code nonlinear} may say, without PRELU: no {@code -fix} op has a place for its slopes.
   */
  public enum Kind {
    NONE,
    RELU,
    LEAKYRELU,
    RELU6,
    HSIGMOID,
    HSWISH
  }

  /** The negative slope of LEAKYRELU is 26/256 in every DPU. */
  static final int LEAKY_FACTOR = 26;

  static final int LEAKY_BITS = 8;

  private static final int UNSET = -128;

  /** One of the kinds that need only the fix position of the result. */
  public static Activation of(Kind kind, int position) {
    int six = position > 4 ? Byte.MAX_VALUE : (int) Requantize.round(6, -position);
    return new Activation(kind, position, kind == Kind.RELU6 ? six : Byte.MAX_VALUE, null, 0);
  }

  /** A hard sigmoid of an int8 value at one position, with its result at another. */
  public static Activation hardSigmoid(int position, int resultPosition) {
    return new Activation(
        Kind.HSIGMOID, position, Byte.MAX_VALUE, HardSigmoid.between(position, resultPosition), 0);
  }

  /** A hard swish of an int8 value at one position, with its result at another. */
  public static Activation hardSwish(int position, int resultPosition) {
    return new Activation(
        Kind.HSWISH,
        position,
        Byte.MAX_VALUE,
        HardSigmoid.between(position, HardSigmoid.SWISH_POSITION),
        position + HardSigmoid.SWISH_POSITION - resultPosition);
  }

  /**
   * From the attributes {@code nonlinear}, {@code hsigmoid_in}, {@code shift_hsigmoid} and {@code
   * shift_hswish} of an op.
   *
   * @param resultPosition the fix position of the op's output
   * @throws SluiceException XIR_UNEXPECTED_VALUE for an unknown name or shifts that do not follow
   *     from the positions, XIR_UNDEFINED_ATTR for missing ones, VART_FUNC_NOT_SUPPORT for PRELU
   */
  static Activation of(Op op, int resultPosition) {
    String name = op.attrs().getString("nonlinear", "");
    if (name.equals("PRELU")) {
      throw FixOps.unsupported(op, "PRELU has no slopes in a -fix op", "use LEAKYRELU");
    }
    Kind kind = Kind.NONE;
    if (!name.isEmpty()) {
      try {
        kind = Kind.valueOf(name);
      } catch (IllegalArgumentException e) {
        throw FixOps.unexpected(op, "nonlinear '" + name + "'", "use one that XIR names");
      }
    }
    if (kind != Kind.HSIGMOID && kind != Kind.HSWISH) {
      return of(kind, resultPosition);
    }
    Attrs attrs = op.attrs();
    int position = set(op, "hsigmoid_in");
    Activation activation =
        kind == Kind.HSIGMOID
            ? hardSigmoid(position, resultPosition)
            : hardSwish(position, resultPosition);
    require(op, "shift_hsigmoid", set(op, "shift_hsigmoid"), activation.hardSigmoid.shift());
    if (kind == Kind.HSWISH) {
      require(op, "shift_hswish", attrs.getInt("shift_hswish", UNSET), activation.shiftHswish);
    }
    return activation;
  }

  private static int set(Op op, String attr) {
    int value = op.attrs().getInt(attr, UNSET);
    if (value == UNSET) {
      throw new SluiceException(
          ErrorCode.XIR_UNDEFINED_ATTR,
          "no " + attr + " for its " + op.attrs().getString("nonlinear"),
          FixOps.place(op),
          "compile the model again");
    }
    return value;
  }

  private static void require(Op op, String attr, int value, int expected) {
    if (value != expected) {
      throw FixOps.unexpected(
          op,
          attr + " is " + value + " where " + expected + " follows from the fix positions",
          "compile the model again");
    }
  }

  /** The smallest result. */
  public int lower() {
    return kind == Kind.NONE || kind == Kind.LEAKYRELU || kind == Kind.HSWISH ? Byte.MIN_VALUE : 0;
  }

  /**
   * The int8 result for an accumulator that stands for total * 2^-(position + shift).
   *
   * <ul>
   *   <li>NONE, RELU, RELU6: clamp(DPU_ROUND(total / 2^shift), lower, upper), upper being the
   *       smaller of 127 and 6 * 2^position. A monotone limit may stand before or after the
   *       rounding.
   *   <li>LEAKYRELU: total * 26 / 256 below zero, then the same.
   *   <li>HSIGMOID, HSWISH: z = clamp(DPU_ROUND(total / 2^shift), -128, 127), then {@link
   *       HardSigmoid} of z; HSWISH returns clamp(DPU_ROUND(z * hardSigmoid(z) / 2^shiftHswish)).
   * </ul>
   */
  public byte apply(long total, int shift) {
    return switch (kind) {
      case NONE, RELU, RELU6 ->
          (byte) Math.max(lower(), Math.min(upper, Requantize.round(total, shift)));
      case LEAKYRELU ->
          Requantize.saturate(
              total < 0
                  ? Requantize.round(total * LEAKY_FACTOR, shift + LEAKY_BITS)
                  : Requantize.round(total, shift));
      case HSIGMOID -> hardSigmoid.apply(Requantize.saturate(Requantize.round(total, shift)));
      case HSWISH -> hardSwish(Requantize.saturate(Requantize.round(total, shift)));
    };
  }

  private byte hardSwish(byte z) {
    return Requantize.saturate(Requantize.round((long) z * hardSigmoid.apply(z), shiftHswish));
  }
}
