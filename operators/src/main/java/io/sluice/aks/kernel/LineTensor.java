package io.sluice.aks.kernel;

import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;

/**
 * What the recognition and the orientation network share: a line scaled to a height, padded on the
 * right, BGR, each value mapped from 0..255 to -1..1. The padding is 0 after normalisation.
 */
final class LineTensor {
  static final int HEIGHT = 48;

  private static final int[] BGR = {2, 1, 0};
  private static final float[] MEAN = {127.5f, 127.5f, 127.5f};
  private static final float[] SCALE = {1 / 127.5f, 1 / 127.5f, 1 / 127.5f};

  private LineTensor() {}

  /** The width of a crop when it is scaled to {@link #HEIGHT}, its aspect ratio kept. */
  static long naturalWidth(TensorData crop) {
    long width = crop.shape().dim(1);
    int height = crop.shape().dim(0);
    return (width * HEIGHT + height - 1) / height;
  }

  /**
   * @return FLOAT32 [1, 48, width, 3]; a line that is wider is squeezed
   */
  static TensorData of(TensorData crop, int width) {
    float[] canvas = new float[HEIGHT * width * 3];
    int scaled = (int) Math.min(width, naturalWidth(crop));
    Pixels.resizeInto(crop, scaled, HEIGHT, canvas, width, BGR, MEAN, SCALE);
    return TensorData.ofFloats(Shape.of(1, HEIGHT, width, 3), canvas);
  }
}
