package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An element type: a class of numbers and a width in bits, e.g. {@code XINT8} or {@code FLOAT32}.
 *
 * @param kind the class of numbers
 * @param bits the width, 1 to 64
 */
public record DataType(Kind kind, int bits) implements Serializable {
  public static final DataType FLOAT32 = new DataType(Kind.FLOAT, 32);
  public static final DataType INT64 = new DataType(Kind.INT, 64);
  public static final DataType INT32 = new DataType(Kind.INT, 32);
  public static final DataType INT8 = new DataType(Kind.INT, 8);
  public static final DataType UINT8 = new DataType(Kind.UINT, 8);
  public static final DataType XINT8 = new DataType(Kind.XINT, 8);

  private static final Pattern NAME = Pattern.compile("([A-Z]+|[a-z]+)([0-9]{1,2})");

  /** The classes of numbers; the ordinal is the number that an XMODEL stores. */
  public enum Kind {
    INT,
    UINT,
    /** Signed fixed point: an integer whose tensor carries {@code fix_point}. */
    XINT,
    /** Unsigned fixed point. */
    XUINT,
    FLOAT,
    BFLOAT,
    UNKNOWN
  }

  public DataType {
    if (bits < 0 || bits > 64 || (bits == 0 && kind != Kind.UNKNOWN)) {
      throw new SluiceException(
          ErrorCode.XIR_INVALID_DATA_TYPE,
          "width of " + bits + " bits for " + kind,
          "data type",
          "use 1 to 64 bits");
    }
  }

  /**
   * Reads a name such as {@code XINT8} or {@code float32}: letters all upper or all lower case,
   * then the width.
   *
   * @throws SluiceException XIR_INVALID_DATA_TYPE if the name is none of these
   */
  public static DataType parse(String name) {
    Matcher m = NAME.matcher(name);
    if (m.matches()) {
      String kind = m.group(1).toUpperCase(Locale.ROOT);
      for (Kind k : Kind.values()) {
        if (k.name().equals(kind)) {
          return new DataType(k, Integer.parseInt(m.group(2)));
        }
      }
    }
    throw new SluiceException(
        ErrorCode.XIR_INVALID_DATA_TYPE,
        "unknown data type '" + name + "'",
        "data type",
        "use a class (INT, UINT, XINT, XUINT, FLOAT, BFLOAT) and a width, e.g. XINT8 or FLOAT32");
  }

  /** The name as XIR writes it, e.g. {@code XINT8}. */
  @Override
  public String toString() {
    return kind == Kind.UNKNOWN && bits == 0 ? "UNKNOWN" : kind.name() + bits;
  }

  /** The size of one element in memory: whole bytes. */
  public int bytes() {
    return (bits + 7) / 8;
  }

  /** Whether values of this type are fixed point. */
  public boolean isFixedPoint() {
    return kind == Kind.XINT || kind == Kind.XUINT;
  }

  /** Whether values of this type are floating point. */
  public boolean isFloat() {
    return kind == Kind.FLOAT || kind == Kind.BFLOAT;
  }
}
