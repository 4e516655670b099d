package io.sluice.quantize;

import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The largest magnitude of each channel of some tensors. A maximum does not depend on the order of
 * its arguments, so samples need not be kept apart.
 */
final class ChannelRanges implements Observation {
  static final int MAGIC = 0x51435231; // "QCR1"

  private final SampleSet samples;
  private final List<float[]> maxima;

  private ChannelRanges(SampleSet samples, List<float[]> maxima) {
    this.samples = samples;
    this.maxima = maxima;
  }

  static ChannelRanges of(long sample, List<float[]> maxima) {
    return new ChannelRanges(SampleSet.of(sample), maxima);
  }

  /** The largest magnitudes in one tensor, the channel its last dimension. */
  static float[] maxima(FloatBuffer values, int channels) throws TensorStatistics.NotFinite {
    float[] max = new float[channels];
    int count = values.remaining();
    float[] all = new float[count];
    values.get(all);
    for (int at = 0; at < count; at += channels) {
      for (int c = 0; c < channels; c++) {
        max[c] = Math.max(max[c], Math.abs(all[at + c]));
      }
    }
    for (int c = 0; c < channels; c++) {
      if (!Float.isFinite(max[c])) {
        throw new TensorStatistics.NotFinite(c, max[c]);
      }
    }
    return max;
  }

  /** Of the tensor at an index, one value per channel. */
  float[] get(int tensor) {
    return maxima.get(tensor);
  }

  int tensorCount() {
    return maxima.size();
  }

  @Override
  public int sampleCount() {
    return samples.indices().size();
  }

  @Override
  public Observation with(Observation other) {
    if (!(other instanceof ChannelRanges that) || that.maxima.size() != maxima.size()) {
      throw Observations.mismatch(this, other);
    }
    List<float[]> merged = new ArrayList<>();
    for (int t = 0; t < maxima.size(); t++) {
      float[] max = maxima.get(t).clone();
      for (int c = 0; c < max.length; c++) {
        max[c] = Math.max(max[c], that.maxima.get(t)[c]);
      }
      merged.add(max);
    }
    return new ChannelRanges(samples.with(that.samples), merged);
  }

  @Override
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      samples.write(out);
      out.writeInt(maxima.size());
      for (float[] max : maxima) {
        out.writeInt(max.length);
        for (float v : max) {
          out.writeFloat(v);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  static ChannelRanges read(DataInput in) throws IOException {
    SampleSet samples = SampleSet.read(in);
    int tensors = in.readInt();
    List<float[]> maxima = new ArrayList<>();
    for (int t = 0; t < tensors; t++) {
      float[] max = new float[in.readInt()];
      for (int c = 0; c < max.length; c++) {
        max[c] = in.readFloat();
      }
      maxima.add(max);
    }
    return new ChannelRanges(samples, maxima);
  }
}
