package io.sluice.quantize;

import io.sluice.xir.FixPoint;
import io.sluice.xir.RoundMode;
import java.util.Arrays;

/**
 * Sums of squared quantization error over blocks of values, one sum per position of a range.
 *
 * <p>Element i of every block is added to lane i, and the lanes are added up in their order at the
 * end. So the sum has one fixed order, and the loops over a block have no dependence between their
 * turns and one element type, which lets the compiler use vectors. Padding by zeros adds nothing.
 */
final class ErrorSums {
  private final int first;
  private final int limit;
  private final double low;
  private final double high;
  private final RoundMode round;
  private final double[][] lanes;
  private final double[] squares;
  private final double[] block;

  /**
   * @param limit the position from which on a value may need clamping
   * @param below positions to sum for below that one
   * @param from positions to sum for from that one on
   * @param laneCount length of the blocks
   */
  ErrorSums(int limit, int below, int from, int bits, RoundMode round, int laneCount) {
    this.first = limit - below;
    this.limit = limit;
    this.low = FixPoint.low(bits);
    this.high = FixPoint.high(bits);
    this.round = round;
    this.lanes = new double[below + from][laneCount];
    this.squares = new double[laneCount];
    this.block = new double[laneCount];
  }

  void add(float[] values) {
    for (int i = 0; i < block.length; i++) {
      block[i] = values[i];
    }
    for (int i = 0; i < block.length; i++) {
      squares[i] += block[i] * block[i];
    }
    for (int k = 0; k < lanes.length; k++) {
      double scale = FixPoint.powerOfTwo(first + k);
      if (round != RoundMode.DPU_ROUND) {
        addOther(lanes[k], scale);
      } else if (first + k < limit) {
        addHalfUp(block, lanes[k], scale);
      } else {
        addHalfUpClamped(block, lanes[k], scale, low, high);
      }
    }
  }

  private static void addHalfUp(double[] block, double[] lane, double scale) {
    for (int i = 0; i < lane.length; i++) {
      double v = block[i] * scale;
      double e = v - Math.floor(v + 0.5);
      lane[i] += e * e;
    }
  }

  private static void addHalfUpClamped(
      double[] block, double[] lane, double scale, double low, double high) {
    for (int i = 0; i < lane.length; i++) {
      double v = block[i] * scale;
      double e = v - Math.max(low, Math.min(high, Math.floor(v + 0.5)));
      lane[i] += e * e;
    }
  }

  private void addOther(double[] lane, double scale) {
    for (int i = 0; i < lane.length; i++) {
      double v = block[i] * scale;
      double e = v - Math.max(low, Math.min(high, round.round(v)));
      lane[i] += e * e;
    }
  }

  double sumOfSquares() {
    return Arrays.stream(squares).reduce(0, Double::sum);
  }

  /** The sums in units of the values, lowest position first. */
  double[] errors() {
    double[] errors = new double[lanes.length];
    for (int k = 0; k < errors.length; k++) {
      double sum = 0;
      for (double e : lanes[k]) {
        sum += e;
      }
      // From squared steps of 2^-position to squared values: a power of two, so exact.
      errors[k] = Math.scalb(sum, -2 * (first + k));
    }
    return errors;
  }
}
