package io.sluice.quantize;

import io.sluice.quantize.QuantizableOps.Kind;
import io.sluice.xir.Op;
import java.util.List;

/**
 * The values of a tensor that its readers tell apart. A hard-swish is 0 below -3 and a hard-sigmoid
 * constant outside -3 to 3, so a tensor that only those read may saturate there: its position is
 * chosen for the rest.
 *
 * @param low all values below are as good as this one
 * @param high all values above are as good as this one
 */
record Relevant(float low, float high) {
  static final Relevant ALL = new Relevant(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);

  private static final float KNEE = 3;

  /**
   * What the readers of an op tell apart.
   *
   * @param isOutput whether the op's tensor leaves the graph
   */
  static Relevant of(Op op, boolean isOutput) {
    List<Kind> readers = op.fanOut().stream().map(QuantizableOps::kind).distinct().toList();
    if (isOutput || readers.size() != 1) {
      return ALL;
    }
    return switch (readers.get(0)) {
      case HARD_SWISH -> new Relevant(-KNEE, Float.POSITIVE_INFINITY);
      case HARD_SIGMOID -> new Relevant(-KNEE, KNEE);
      default -> ALL;
    };
  }

  float clamp(float value) {
    return Math.max(low, Math.min(high, value));
  }

  /** Clamps the first values of an array. */
  void clamp(float[] values, int count) {
    if (!equals(ALL)) {
      for (int i = 0; i < count; i++) {
        values[i] = clamp(values[i]);
      }
    }
  }
}
