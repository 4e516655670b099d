package io.sluice.aks.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Bilinear resizing as two matrix products: rows x plane x columns. */
public final class NdResize {
  private NdResize() {}

  /** [to, from]: the weight of each source pixel in each output pixel. */
  public static INDArray matrix(int from, int to) {
    float[] weights = new float[to * from];
    for (int i = 0; i < to; i++) {
      double centre = Math.max(0, Math.min(from - 1, (i + 0.5) * from / to - 0.5));
      for (int j = 0; j < from; j++) {
        weights[i * from + j] = (float) Math.max(0, 1 - Math.abs(j - centre));
      }
    }
    return Nd4j.create(weights, to, from);
  }

  /** RGB bytes as three planes [H, W]. */
  public static INDArray planes(byte[] rgb, int width, int height) {
    float[] values = new float[rgb.length];
    int plane = width * height;
    for (int i = 0; i < rgb.length; i++) {
      values[i % 3 * plane + i / 3] = rgb[i] & 0xff;
    }
    return Nd4j.create(values, 3, height, width);
  }

  public static INDArray resize(INDArray planes, INDArray down, INDArray across) {
    INDArray out = Nd4j.create(3, down.rows(), across.rows());
    INDArray acrossT = across.transpose();
    for (int c = 0; c < 3; c++) {
      out.putSlice(c, down.mmul(planes.slice(c)).mmul(acrossT));
    }
    return out;
  }

  /** The values of planes, pixel by pixel. */
  public static float[] interleaved(INDArray planes) {
    return planes.permute(1, 2, 0).dup('c').data().asFloat();
  }
}
