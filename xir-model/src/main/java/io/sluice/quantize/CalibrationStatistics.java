package io.sluice.quantize;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The statistics of any set of calibration samples: a mergeable accumulator. It keeps what each
 * sample said apart, keyed by the sample's index, and folds in the order of the indices only when a
 * position is asked for; so however the samples were shared out and in whatever order the parts
 * were merged, the result has the same bits. Immutable. It takes about 150 bytes per sample and
 * tensor.
 */
public final class CalibrationStatistics implements Observation {
  private static final int MAGIC = 0x51434C31; // "QCL1"
  private static final int MAX_TENSORS = 1 << 20;

  private static final CalibrationStatistics EMPTY = new CalibrationStatistics(new TreeMap<>());

  private final TreeMap<Long, SampleStatistics> samples;

  private CalibrationStatistics(TreeMap<Long, SampleStatistics> samples) {
    this.samples = samples;
  }

  /** Of no sample. */
  public static CalibrationStatistics empty() {
    return EMPTY;
  }

  /** Of one sample. */
  static CalibrationStatistics of(SampleStatistics sample) {
    TreeMap<Long, SampleStatistics> samples = new TreeMap<>();
    samples.put(sample.sample(), sample);
    return new CalibrationStatistics(samples);
  }

  /**
   * Of the samples of both.
   *
   * @throws SluiceException QUANTIZER_TF2_INVALID_CALIB_DATASET if a sample is in both, or if they
   *     are about different tensors
   */
  public CalibrationStatistics merge(CalibrationStatistics other) {
    if (samples.isEmpty()) {
      return other;
    }
    if (other.samples.isEmpty()) {
      return this;
    }
    if (tensorCount() != other.tensorCount()) {
      throw bad(
          "statistics of " + tensorCount() + " and of " + other.tensorCount() + " tensors",
          "merge only what one plan has observed");
    }
    TreeMap<Long, SampleStatistics> merged = new TreeMap<>(samples);
    for (SampleStatistics s : other.samples.values()) {
      if (merged.put(s.sample(), s) != null) {
        throw bad("sample " + s.sample() + " twice", "give every sample its own index");
      }
    }
    return new CalibrationStatistics(merged);
  }

  @Override
  public Observation with(Observation other) {
    if (other instanceof CalibrationStatistics statistics) {
      return merge(statistics);
    }
    throw bad("observations of two rounds", "merge what one round has observed");
  }

  @Override
  public int sampleCount() {
    return samples.size();
  }

  int tensorCount() {
    return samples.isEmpty() ? 0 : samples.firstEntry().getValue().tensors().size();
  }

  /** What every sample says about one tensor, in the order of the samples. */
  List<TensorStatistics> tensor(int index) {
    return samples.values().stream().map(s -> s.tensors().get(index)).toList();
  }

  @Override
  public byte[] toBytes() {
    return ByteForm.bytes(
        out -> {
          out.writeInt(MAGIC);
          out.writeInt(tensorCount());
          out.writeInt(samples.size());
          for (SampleStatistics s : samples.values()) {
            out.writeLong(s.sample());
            for (TensorStatistics t : s.tensors()) {
              t.write(out);
            }
          }
        });
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws SluiceException QUANTIZER_TORCH_NO_CALIB_RESULT if the bytes are something else
   */
  public static CalibrationStatistics fromBytes(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int magic = in.readInt();
      int tensorCount = in.readInt();
      int sampleCount = in.readInt();
      if (magic != MAGIC || tensorCount < 0 || tensorCount > MAX_TENSORS || sampleCount < 0) {
        throw new IOException("not calibration statistics");
      }
      TreeMap<Long, SampleStatistics> samples = new TreeMap<>();
      for (int s = 0; s < sampleCount; s++) {
        long index = in.readLong();
        List<TensorStatistics> tensors = new ArrayList<>();
        for (int t = 0; t < tensorCount; t++) {
          tensors.add(TensorStatistics.read(in));
        }
        samples.put(index, new SampleStatistics(index, tensors));
      }
      if (in.available() > 0) {
        throw new IOException(in.available() + " bytes after the end");
      }
      return new CalibrationStatistics(samples);
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.QUANTIZER_TORCH_NO_CALIB_RESULT,
          "unreadable calibration statistics (" + e.getMessage() + ")",
          bytes.length + " bytes of stored statistics",
          "give the whole file that the calibration wrote, or calibrate again",
          e);
    }
  }

  private static SluiceException bad(String thing, String remedy) {
    return new SluiceException(
        ErrorCode.QUANTIZER_TF2_INVALID_CALIB_DATASET, thing, "calibration statistics", remedy);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CalibrationStatistics that && samples.equals(that.samples);
  }

  @Override
  public int hashCode() {
    return samples.hashCode();
  }

  @Override
  public String toString() {
    return "statistics of " + samples.size() + " samples, " + tensorCount() + " tensors";
  }
}
