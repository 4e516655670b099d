package io.sluice.quantize;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The largest magnitude of each channel of some tensors. A maximum does not depend on the order of
 * its arguments, so samples need not be kept apart.
 */
final class ChannelRanges implements Observation {
  static final int MAGIC = 0x51435232; // "QCR2"

  private final SampledRows maxima;

  private ChannelRanges(SampledRows maxima) {
    this.maxima = maxima;
  }

  /**
   * @param maxima what {@link #maxima(FloatBuffer, int)} gave for each tensor
   */
  static ChannelRanges of(long sample, List<double[]> maxima) {
    return new ChannelRanges(SampledRows.of(sample, maxima));
  }

  /** The largest magnitudes in one tensor, the channel its last dimension. */
  static double[] maxima(FloatBuffer values, int channels) throws TensorStatistics.NotFinite {
    double[] max = new double[channels];
    int count = values.remaining();
    float[] all = new float[count];
    values.get(all);
    for (int at = 0; at < count; at += channels) {
      for (int c = 0; c < channels; c++) {
        max[c] = Math.max(max[c], Math.abs(all[at + c]));
      }
    }
    for (int c = 0; c < channels; c++) {
      if (!Double.isFinite(max[c])) {
        throw new TensorStatistics.NotFinite(c, (float) max[c]);
      }
    }
    return max;
  }

  /** Of the tensor at an index, one value per channel: a float's. */
  double[] get(int tensor) {
    return maxima.rows().get(tensor);
  }

  int tensorCount() {
    return maxima.rows().size();
  }

  @Override
  public int sampleCount() {
    return maxima.samples().indices().size();
  }

  @Override
  public Observation with(Observation other) {
    if (!(other instanceof ChannelRanges that)) {
      throw Observations.mismatch(this, other);
    }
    return maxima
        .with(that.maxima, Math::max)
        .map(ChannelRanges::new)
        .orElseThrow(() -> Observations.mismatch(this, other));
  }

  @Override
  public byte[] toBytes() {
    return maxima.toBytes(MAGIC);
  }

  static ChannelRanges read(DataInputStream in) throws IOException {
    return new ChannelRanges(SampledRows.read(in));
  }
}
