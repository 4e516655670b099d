package io.sluice.xrm.alloc;

import java.util.OptionalInt;

/**
 * A share of a unit as XRM asks for it: in percent or in millionths, exactly one of the two not 0.
 * Any pair of numbers is a value of this type, so that a malformed one can be answered by -2.
 *
 * @param percent 1 to 100, or 0
 * @param millionths 1 to 1,000,000, or 0
 */
public record Load(int percent, int millionths) {
  /** A whole unit, in millionths. */
  public static final int WHOLE = 1_000_000;

  private static final int PERCENT_MASK = 0xFF;
  private static final int MILLIONTHS_SHIFT = 8;
  private static final int MILLIONTHS_MASK = 0xFFFFF;

  public static Load percent(int percent) {
    return new Load(percent, 0);
  }

  public static Load millionths(int millionths) {
    return new Load(0, millionths);
  }

  /** Everything that a unit can do. */
  public static Load whole() {
    return millionths(WHOLE);
  }

  /** From XRM's word: percent in bits 7 to 0, millionths in bits 27 to 8, the rest not read. */
  public static Load unpack(int word) {
    return new Load(word & PERCENT_MASK, word >>> MILLIONTHS_SHIFT & MILLIONTHS_MASK);
  }

  /** In millionths; empty if both or none are set, or one is out of range. */
  public OptionalInt unified() {
    if ((percent == 0) == (millionths == 0)) {
      return OptionalInt.empty();
    }
    int unified = percent == 0 ? millionths : percent * (WHOLE / 100);
    boolean inRange = percent >= 0 && percent <= 100 && unified > 0 && unified <= WHOLE;
    return inRange ? OptionalInt.of(unified) : OptionalInt.empty();
  }
}
