package io.sluice.aks.kernel;

import io.sluice.xir.TensorData;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scales a line to a height of 48 with its aspect ratio kept and pads it on the right to the next
 * multiple of 320, so that a handful of fixed shapes serves every line.
 */
public final class RecognitionPreprocess {
  /** The widths that the recognition network is compiled for, ascending. */
  public static final List<Integer> BUCKETS =
      IntStream.rangeClosed(1, 8).mapToObj(n -> 320 * n).toList();

  private RecognitionPreprocess() {}

  /**
   * @param crop UINT8 [h, w, 3]; a line too long for the widest bucket is squeezed into it
   */
  public static RecognitionInput prepare(TensorData crop) {
    Pixels.requireRgb(crop);
    long natural = LineTensor.naturalWidth(crop);
    int width =
        BUCKETS.stream()
            .filter(bucket -> natural <= bucket)
            .findFirst()
            .orElse(BUCKETS.get(BUCKETS.size() - 1));
    return new RecognitionInput(LineTensor.of(crop, width), width);
  }
}
