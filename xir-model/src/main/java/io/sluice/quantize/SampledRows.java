package io.sluice.quantize;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;

/**
 * Numbers that were gathered over samples and merge value by value, so that samples need not be
 * kept apart: a row for each tensor or op.
 *
 * @param samples the samples behind the numbers
 * @param rows not to be changed
 */
record SampledRows(SampleSet samples, List<double[]> rows) {
  SampledRows {
    rows = List.copyOf(rows);
  }

  static SampledRows of(long sample, List<double[]> rows) {
    return new SampledRows(SampleSet.of(sample), rows);
  }

  /**
   * The numbers of both, each merged with its counterpart; empty if the rows differ in number or
   * length.
   */
  Optional<SampledRows> with(SampledRows other, DoubleBinaryOperator merge) {
    if (other.rows.size() != rows.size()) {
      return Optional.empty();
    }
    List<double[]> merged = new ArrayList<>();
    for (int r = 0; r < rows.size(); r++) {
      double[] row = rows.get(r).clone();
      double[] more = other.rows.get(r);
      if (more.length != row.length) {
        return Optional.empty();
      }
      for (int i = 0; i < row.length; i++) {
        row[i] = merge.applyAsDouble(row[i], more[i]);
      }
      merged.add(row);
    }
    return Optional.of(new SampledRows(samples.with(other.samples), merged));
  }

  /** The whole as bytes behind a number that says what it is. */
  byte[] toBytes(int magic) {
    return ByteForm.bytes(
        out -> {
          out.writeInt(magic);
          samples.write(out);
          out.writeInt(rows.size());
          for (double[] row : rows) {
            out.writeInt(row.length);
            for (double v : row) {
              out.writeDouble(v);
            }
          }
        });
  }

  /**
   * Reads what follows the magic number.
   *
   * @throws IOException if it ends early, or a count is more than the bytes that are left hold
   */
  static SampledRows read(DataInputStream in) throws IOException {
    SampleSet samples = SampleSet.read(in);
    int count = ByteForm.count(in, Integer.BYTES);
    List<double[]> rows = new ArrayList<>();
    for (int r = 0; r < count; r++) {
      double[] row = new double[ByteForm.count(in, Double.BYTES)];
      for (int i = 0; i < row.length; i++) {
        row[i] = in.readDouble();
      }
      rows.add(row);
    }
    return new SampledRows(samples, rows);
  }
}
