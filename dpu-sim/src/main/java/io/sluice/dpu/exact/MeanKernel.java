package io.sluice.dpu.exact;

import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;

/**
 * A global average pool in float between two fix positions, as a CPU subgraph has it: the sum of
 * each channel divided by the number of pixels, one float division, and {@link FixBorder} of that.
 *
 * @param input NHWC; at most {@link #MAX_PIXELS} pixels, so that every sum is a float
 * @param shift from the position of the input down to that of the result
 */
record MeanKernel(Shape input, int shift) implements FixKernel {
  /** 2^17 values of at most 2^7 each: a float holds every partial sum. */
  static final int MAX_PIXELS = 1 << 17;

  int pixels() {
    return input.dim(1) * input.dim(2);
  }

  Shape output() {
    return Shape.of(input.dim(0), 1, 1, input.dim(3));
  }

  @Override
  public TensorData run(List<TensorData> inputs) {
    byte[] in = inputs.get(0).array();
    int channels = input.dim(3);
    byte[] out = new byte[output().elements()];
    for (int n = 0; n < input.dim(0); n++) {
      int[] sums = new int[channels];
      for (int i = n * pixels() * channels; i < (n + 1) * pixels() * channels; i++) {
        sums[i % channels] += in[i];
      }
      for (int c = 0; c < channels; c++) {
        out[n * channels + c] = mean(sums[c]);
      }
    }
    return TensorData.wrap(DataType.XINT8, output(), out);
  }

  /** The result for a sum. */
  byte mean(int sum) {
    float mean = (float) sum / pixels();
    double scaled = Math.scalb((double) mean, -shift);
    return (byte) Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, Math.floor(scaled + 0.5)));
  }
}
