package io.sluice.quantize;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;

/**
 * The moments of all convolutions, as {@link ConvMoments} takes them. Sums of integers are exact,
 * so samples need not be kept apart.
 */
final class Moments implements Observation {
  static final int MAGIC = 0x514D4F31; // "QMO1"

  private final SampledRows sums;

  private Moments(SampledRows sums) {
    this.sums = sums;
  }

  static Moments of(long sample, List<double[]> sums) {
    return new Moments(SampledRows.of(sample, sums));
  }

  /** The lower triangles of a convolution's matrices. */
  double[] get(int convolution) {
    return sums.rows().get(convolution);
  }

  int convolutionCount() {
    return sums.rows().size();
  }

  @Override
  public int sampleCount() {
    return sums.samples().indices().size();
  }

  @Override
  public Observation with(Observation other) {
    if (!(other instanceof Moments that)) {
      throw Observations.mismatch(this, other);
    }
    return sums.with(that.sums, Double::sum)
        .map(Moments::new)
        .orElseThrow(() -> Observations.mismatch(this, other));
  }

  @Override
  public byte[] toBytes() {
    return sums.toBytes(MAGIC);
  }

  static Moments read(DataInputStream in) throws IOException {
    return new Moments(SampledRows.read(in));
  }
}
