package io.sluice.quantize;

import io.sluice.xir.FixPoint;
import io.sluice.xir.RoundMode;
import java.nio.FloatBuffer;
import java.util.List;

/** The fix position of a tensor, from what was seen of it. */
final class PositionSearch {
  private PositionSearch() {}

  /**
   * The position over samples, which are folded in the order given: the sums of squared error are
   * sums of doubles, so the order belongs to the result.
   *
   * @return the position, or empty-handed {@link FixPoint#ZERO_TENSOR_POSITION} if all is zero
   */
  static int search(List<TensorStatistics> samples, PositionMethod method) {
    int lowest = Integer.MAX_VALUE;
    for (TensorStatistics s : samples) {
      if (!s.isZero()) {
        lowest = Math.min(lowest, s.position());
      }
    }
    if (lowest == Integer.MAX_VALUE) {
      return FixPoint.ZERO_TENSOR_POSITION;
    }
    int best = lowest;
    if (method == PositionMethod.MIN_MSE) {
      double least = Double.POSITIVE_INFINITY;
      for (int k = 0; k < TensorStatistics.CANDIDATES; k++) {
        double error = 0;
        for (TensorStatistics s : samples) {
          error += s.errorAt(lowest + k);
        }
        if (error < least) {
          least = error;
          best = lowest + k;
        }
      }
    }
    return Math.min(FixPoint.MAX_POSITION, best);
  }

  /** The position of a constant. */
  static int search(FloatBuffer values, int bits, RoundMode round, PositionMethod method)
      throws TensorStatistics.NotFinite {
    return search(List.of(TensorStatistics.of(values, bits, round)), method);
  }
}
