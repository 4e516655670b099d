package io.sluice.quantize;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.TreeSet;

/**
 * The indices of the samples behind an observation.
 *
 * @param indices from 0, each once
 */
record SampleSet(TreeSet<Long> indices) {
  static SampleSet of(long sample) {
    TreeSet<Long> indices = new TreeSet<>();
    indices.add(sample);
    return new SampleSet(indices);
  }

  /**
   * The samples of both.
   *
   * @throws SluiceException QUANTIZER_TF2_INVALID_CALIB_DATASET if a sample is in both
   */
  SampleSet with(SampleSet other) {
    TreeSet<Long> all = new TreeSet<>(indices);
    for (long sample : other.indices) {
      if (!all.add(sample)) {
        throw new SluiceException(
            ErrorCode.QUANTIZER_TF2_INVALID_CALIB_DATASET,
            "sample " + sample + " twice",
            "observations of calibration samples",
            "give every sample its own index");
      }
    }
    return new SampleSet(all);
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(indices.size());
    for (long sample : indices) {
      out.writeLong(sample);
    }
  }

  static SampleSet read(DataInputStream in) throws IOException {
    TreeSet<Long> indices = new TreeSet<>();
    int count = ByteForm.count(in, Long.BYTES);
    for (int i = 0; i < count; i++) {
      indices.add(in.readLong());
    }
    return new SampleSet(indices);
  }
}
