package io.sluice.quantize;

import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The moments of all convolutions, as {@link ConvMoments} takes them. Sums of integers are exact,
 * so samples need not be kept apart.
 */
final class Moments implements Observation {
  static final int MAGIC = 0x514D4F31; // "QMO1"

  private final SampleSet samples;
  private final List<double[]> sums;

  private Moments(SampleSet samples, List<double[]> sums) {
    this.samples = samples;
    this.sums = sums;
  }

  static Moments of(long sample, List<double[]> sums) {
    return new Moments(SampleSet.of(sample), sums);
  }

  /** The lower triangles of a convolution's matrices. */
  double[] get(int convolution) {
    return sums.get(convolution);
  }

  int convolutionCount() {
    return sums.size();
  }

  @Override
  public int sampleCount() {
    return samples.indices().size();
  }

  @Override
  public Observation with(Observation other) {
    if (!(other instanceof Moments that) || that.sums.size() != sums.size()) {
      throw Observations.mismatch(this, other);
    }
    List<double[]> merged = new ArrayList<>();
    for (int c = 0; c < sums.size(); c++) {
      double[] sum = sums.get(c).clone();
      double[] more = that.sums.get(c);
      if (more.length != sum.length) {
        throw Observations.mismatch(this, other);
      }
      for (int i = 0; i < sum.length; i++) {
        sum[i] += more[i];
      }
      merged.add(sum);
    }
    return new Moments(samples.with(that.samples), merged);
  }

  @Override
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      samples.write(out);
      out.writeInt(sums.size());
      for (double[] sum : sums) {
        out.writeInt(sum.length);
        for (double v : sum) {
          out.writeDouble(v);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  static Moments read(DataInput in) throws IOException {
    SampleSet samples = SampleSet.read(in);
    int count = in.readInt();
    List<double[]> sums = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      double[] sum = new double[in.readInt()];
      for (int i = 0; i < sum.length; i++) {
        sum[i] = in.readDouble();
      }
      sums.add(sum);
    }
    return new Moments(samples, sums);
  }
}
