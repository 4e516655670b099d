package io.sluice.target;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;
import java.util.Locale;

/**
 * The 64-bit identity of a DPU configuration: {@code type << 56 | isa << 48 | feature code}.
 *
 * @param value the 64 bits, unsigned
 */
public record Fingerprint(long value) implements Serializable {
  private static final long FEATURE_MASK = (1L << 48) - 1;

  /**
   * @param feature 48 bits
   * @throws SluiceException TARGET_FACTORY_INVALID_ISA_VERSION or
   *     TARGET_FACTORY_INVALID_FEATURE_CODE if a part does not fit
   */
  public static Fingerprint of(DpuType type, int isa, long feature) {
    if (isa < 0 || isa > 255) {
      throw new SluiceException(
          ErrorCode.TARGET_FACTORY_INVALID_ISA_VERSION,
          "isa version " + isa,
          "target of type " + type,
          "use 0 to 255");
    }
    if ((feature & ~FEATURE_MASK) != 0) {
      throw new SluiceException(
          ErrorCode.TARGET_FACTORY_INVALID_FEATURE_CODE,
          String.format("feature code 0x%X", feature),
          "target of type " + type,
          "use at most 48 bits");
    }
    return new Fingerprint((long) type.number() << 56 | (long) isa << 48 | feature);
  }

  /**
   * Reads {@code 0x0101000056010407}.
   *
   * @throws SluiceException TARGET_FACTORY_PARSE_TARGET_FAIL if it is not hexadecimal of at most 64
   *     bits
   */
  public static Fingerprint parse(String text) {
    String digits = text.toLowerCase(Locale.ROOT);
    if (digits.matches("0x[0-9a-f]{1,16}")) {
      return new Fingerprint(Long.parseUnsignedLong(digits.substring(2), 16));
    }
    throw new SluiceException(
        ErrorCode.TARGET_FACTORY_PARSE_TARGET_FAIL,
        "'" + text + "' is no fingerprint",
        "target fingerprint",
        "write 0x and up to 16 hexadecimal digits");
  }

  /** The number of the DPU family. */
  public int typeNumber() {
    return (int) (value >>> 56);
  }

  public int isa() {
    return (int) (value >>> 48) & 0xFF;
  }

  public long feature() {
    return value & FEATURE_MASK;
  }

  /** For example {@code 0x0101000056010407}. */
  @Override
  public String toString() {
    return String.format("0x%016X", value).replace("0X", "0x");
  }
}
