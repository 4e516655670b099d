package io.sluice.dpu.exact;

/** What an activation can give. */
final class ActivationRange {
  private ActivationRange() {}

  /** Over all arguments. */
  static ValueRange of(Activation activation) {
    if (activation.hardSigmoid() == null) {
      return new ValueRange(activation.lower(), activation.upper());
    }
    int low = Byte.MAX_VALUE;
    int high = Byte.MIN_VALUE;
    for (int z = Byte.MIN_VALUE; z <= Byte.MAX_VALUE; z++) {
      byte y = activation.apply(z, 0);
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
    return new ValueRange(low, high);
  }

  /** Over the totals from low to high. */
  static ValueRange of(Activation activation, long low, long high, int shift) {
    if (activation.hardSigmoid() != null) {
      return of(activation);
    }
    return new ValueRange(activation.apply(low, shift), activation.apply(high, shift));
  }
}
