package io.sluice.dpu.exact;

/** What an activation can give. */
final class ActivationRange {
  private ActivationRange() {}

  /**
   * Over the totals from low to high.
   *
   * @param shift from the position of a total down to the one before the activation
   */
  static ValueRange.Interval of(Activation activation, long low, long high, int shift) {
    if (activation.hardSigmoid() == null) {
      // all of these never fall
      return new ValueRange.Interval(activation.apply(low, shift), activation.apply(high, shift));
    }
    int first = Requantize.saturate(Requantize.round(low, shift));
    int last = Requantize.saturate(Requantize.round(high, shift));
    int y = activation.apply(first, 0);
    ValueRange.Interval range = new ValueRange.Interval(y, y);
    for (int z = first + 1; z <= last; z++) {
      range = range.with(activation.apply(z, 0));
    }
    return range;
  }
}
