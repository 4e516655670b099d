package io.sluice.aks.kernel;

import io.sluice.xir.TensorData;

/** The borders of PP-OCR's orientation network, which tells upright lines from inverted ones. */
public final class OrientationClassifier {
  private static final int WIDTH = 192;
  private static final float THRESHOLD = 0.9f;

  private OrientationClassifier() {}

  /**
   * @param crop UINT8 [h, w, 3]
   * @return FLOAT32 [1, 48, 192, 3]; a longer line is squeezed
   */
  public static TensorData prepare(TensorData crop) {
    return LineTensor.of(Pixels.requireRgb(crop), WIDTH);
  }

  /**
   * @param probabilities FLOAT32 [1, 2]: upright, upside down
   */
  public static boolean isUpsideDown(TensorData probabilities) {
    return Pixels.requireFloat(probabilities, 1, 2).getFloat(1) > THRESHOLD;
  }
}
