package io.sluice.dpu.exact;

import java.util.List;

/**
 * The values that a tensor can have, as far as its producer tells: 0 to 127 after a ReLU. Zero may
 * always be added to a range: padding is zero, and a sum without a term has it as zero.
 *
 * @param low smallest
 * @param high largest
 */
record ValueRange(int low, int high) {
  /** Any int8. */
  static final ValueRange INT8 = new ValueRange(Byte.MIN_VALUE, Byte.MAX_VALUE);

  ValueRange {
    if (low > high) {
      throw new IllegalArgumentException(low + " > " + high);
    }
  }

  static ValueRange union(List<ValueRange> ranges) {
    return new ValueRange(
        ranges.stream().mapToInt(ValueRange::low).min().orElseThrow(),
        ranges.stream().mapToInt(ValueRange::high).max().orElseThrow());
  }

  /** The range after a function that never falls. */
  ValueRange map(Requantize requantize) {
    return new ValueRange(requantize.apply(low), requantize.apply(high));
  }

  ValueRange with(int value) {
    return new ValueRange(Math.min(low, value), Math.max(high, value));
  }

  /** The largest magnitude. */
  int magnitude() {
    return Math.max(Math.abs(low), Math.abs(high));
  }
}
