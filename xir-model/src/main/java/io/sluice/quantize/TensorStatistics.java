package io.sluice.quantize;

import io.sluice.xir.FixPoint;
import io.sluice.xir.RoundMode;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * What one calibration sample says about one tensor, enough to know the squared error of every
 * position that the search may ask for, after a single look at the values.
 *
 * <p><b>Why one pass is enough.</b> The search compares the positions P .. P+4, where P is the
 * non-overflow position over all samples: the least of the samples' own, because the range over all
 * samples is the union of their ranges. A sample with its own position p >= P is therefore asked
 * for positions up to p+4 and, downwards, as far as other samples push P. But at p - bits - 1 every
 * value of this sample scales to less than one half in magnitude, so all become zero and the error
 * is the sum of squares, there and below. So the errors at p - bits .. p + 4 and the sum of squares
 * answer every question exactly. A sample of zeros has no error anywhere.
 *
 * @param min smallest value
 * @param max largest value
 * @param position the sample's own non-overflow position, meaningless if all values are zero
 * @param sumOfSquares sum of the squared values
 * @param errors sums of squared error at position - bits .. position + 4; empty if all are zero
 */
record TensorStatistics(float min, float max, int position, double sumOfSquares, double[] errors) {
  /** Positions that the search tries, from the non-overflow position upwards. */
  static final int CANDIDATES = 5;

  private static final int LANES = 512;
  private static final int MAX_ERRORS = 64;

  /** Thrown for a value that is not finite; the caller knows which tensor and sample. */
  static final class NotFinite extends Exception {
    private static final long serialVersionUID = 1L;

    NotFinite(int index, float value) {
      super("value " + value + " at element " + index);
    }
  }

  boolean isZero() {
    return min == 0 && max == 0;
  }

  /**
   * The sum of squared error if the values are stored at a position no more than 4 above this
   * sample's own.
   */
  double errorAt(int asked) {
    if (isZero()) {
      return 0;
    }
    int first = position + CANDIDATES - errors.length;
    if (asked >= position + CANDIDATES) {
      throw new IllegalArgumentException("position " + asked + " above " + position + " + 4");
    }
    return asked < first ? sumOfSquares : errors[asked - first];
  }

  /**
   * Looks at the values of one tensor in one sample.
   *
   * @throws NotFinite if one is NaN or infinite
   */
  static TensorStatistics of(FloatBuffer values, int bits, RoundMode round) throws NotFinite {
    return of(values, Relevant.ALL, bits, round);
  }

  /**
   * Looks at the values of one tensor in one sample, each moved into a range first.
   *
   * @throws NotFinite if one is NaN or infinite
   */
  static TensorStatistics of(FloatBuffer values, Relevant range, int bits, RoundMode round)
      throws NotFinite {
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    int count = values.remaining();
    float[] block = new float[LANES];
    for (int at = 0; at < count; at += LANES) {
      int n = Math.min(LANES, count - at);
      values.get(values.position() + at, block, 0, n);
      for (int i = 0; i < n; i++) {
        float v = block[i];
        if (!Float.isFinite(v)) {
          throw new NotFinite(at + i, v);
        }
        min = Math.min(min, range.clamp(v));
        max = Math.max(max, range.clamp(v));
      }
    }
    if (count == 0 || (min == 0 && max == 0)) {
      return new TensorStatistics(0, 0, 0, 0, new double[0]);
    }
    int position = FixPoint.nonOverflowPosition(min, max, bits);
    ErrorSums sums = new ErrorSums(position, bits, CANDIDATES, bits, round, LANES);
    for (int at = 0; at < count; at += LANES) {
      int n = Math.min(LANES, count - at);
      values.get(values.position() + at, block, 0, n);
      range.clamp(block, n);
      Arrays.fill(block, n, LANES, 0f);
      sums.add(block);
    }
    return new TensorStatistics(min, max, position, sums.sumOfSquares(), sums.errors());
  }

  void write(DataOutput out) throws IOException {
    out.writeFloat(min);
    out.writeFloat(max);
    out.writeInt(position);
    out.writeDouble(sumOfSquares);
    out.writeInt(errors.length);
    for (double e : errors) {
      out.writeDouble(e);
    }
  }

  static TensorStatistics read(DataInput in) throws IOException {
    float min = in.readFloat();
    float max = in.readFloat();
    int position = in.readInt();
    double sumOfSquares = in.readDouble();
    int count = in.readInt();
    if (count < 0 || count > MAX_ERRORS) {
      throw new IOException(count + " error sums where at most " + MAX_ERRORS + " can be");
    }
    double[] errors = new double[count];
    for (int i = 0; i < count; i++) {
      errors[i] = in.readDouble();
    }
    return new TensorStatistics(min, max, position, sumOfSquares, errors);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorStatistics that
        && Float.compare(min, that.min) == 0
        && Float.compare(max, that.max) == 0
        && position == that.position
        && Double.compare(sumOfSquares, that.sumOfSquares) == 0
        && Arrays.equals(errors, that.errors);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(errors) * 31 + Double.hashCode(sumOfSquares);
  }

  @Override
  public String toString() {
    return "[" + min + ", " + max + "] at " + position;
  }
}
