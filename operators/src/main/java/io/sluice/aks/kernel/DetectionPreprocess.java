package io.sluice.aks.kernel;

import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;

/**
 * Letterboxes a page for PP-OCR text detection: shrunk to fit, never enlarged, put into the upper
 * left corner of a square. The channels are B, G, R and each is normalised by ImageNet's mean and
 * deviation in that order, as the networks were trained (PP-OCR applies the statistics of R, G, B
 * to B, G, R). The rest of the square holds the mean, 0 after normalisation.
 */
public final class DetectionPreprocess {
  /** The sides of the square that the detection network is compiled for, ascending. */
  public static final List<Integer> BUCKETS = List.of(640, 960);

  private static final int[] BGR = {2, 1, 0};
  private static final float[] MEAN = {0.485f * 255, 0.456f * 255, 0.406f * 255};
  private static final float[] SCALE = {1 / (0.229f * 255), 1 / (0.224f * 255), 1 / (0.225f * 255)};

  private DetectionPreprocess() {}

  /**
   * @param rgb UINT8 [H, W, 3]
   */
  public static DetectionInput prepare(TensorData rgb) {
    Pixels.requireRgb(rgb);
    int height = rgb.shape().dim(0);
    int width = rgb.shape().dim(1);
    int longSide = Math.max(width, height);
    int bucket = bucketFor(longSide);
    float scale = scale(bucket, height, width);
    int scaledWidth = Math.max(1, Math.min(bucket, Math.round(width * scale)));
    int scaledHeight = Math.max(1, Math.min(bucket, Math.round(height * scale)));
    float[] canvas = new float[bucket * bucket * 3];
    Pixels.resizeInto(rgb, scaledWidth, scaledHeight, canvas, bucket, BGR, MEAN, SCALE);
    return new DetectionInput(
        TensorData.ofFloats(Shape.of(1, bucket, bucket, 3), canvas), bucket, scale, width, height);
  }

  /**
   * Network pixels per image pixel, at most 1.
   *
   * @param side of the square that the page is put into
   * @param height of the page in pixels
   * @param width of the page in pixels
   */
  public static float scale(int side, int height, int width) {
    return Math.min(1, (float) side / Math.max(width, height));
  }

  /** The smallest bucket that holds the long side without shrinking, else the largest. */
  private static int bucketFor(int longSide) {
    for (int bucket : BUCKETS) {
      if (longSide <= bucket) {
        return bucket;
      }
    }
    return BUCKETS.get(BUCKETS.size() - 1);
  }
}
