package io.sluice.aks.kernel;

import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;

/**
 * Cuts a text line out of a page and straightens it: a perspective warp by inverse mapping with
 * bicubic sampling (Keys' kernel, a = -0.75), border pixels repeated.
 */
public final class CropRotate {
  /** A crop taller than this times its width holds text that runs along the other axis. */
  private static final float TALL = 1.5f;

  private static final float KEYS_A = -0.75f;

  private CropRotate() {}

  /**
   * @param rgb UINT8 [H, W, 3]
   * @return UINT8 [h, w, 3], at least 1 x 1; a tall crop is turned by a quarter, counterclockwise
   */
  public static TensorData crop(TensorData rgb, TextBox box) {
    Pixels.requireRgb(rgb);
    TextBox inside = clipped(box, rgb.shape().dim(1), rgb.shape().dim(0));
    int width = Math.max(1, (int) inside.width());
    int height = Math.max(1, (int) inside.height());
    TensorData crop = warp(rgb, inside, width, height);
    return height >= TALL * width ? quarterTurn(crop) : crop;
  }

  /** The image upside down. */
  public static TensorData rotate180(TensorData rgb) {
    Pixels.requireRgb(rgb);
    byte[] in = rgb.array();
    byte[] out = new byte[in.length];
    for (int i = 0, j = in.length - 3; i < in.length; i += 3, j -= 3) {
      out[j] = in[i];
      out[j + 1] = in[i + 1];
      out[j + 2] = in[i + 2];
    }
    return TensorData.wrap(DataType.UINT8, rgb.shape(), out);
  }

  /** A crop is no larger than its page, whatever box it is asked for. */
  private static TextBox clipped(TextBox box, int width, int height) {
    float[] corners = box.corners();
    for (int i = 0; i < 8; i++) {
      corners[i] = Math.max(0, Math.min((i % 2 == 0 ? width : height) - 1, corners[i]));
    }
    return new TextBox(corners, box.score());
  }

  private static TensorData quarterTurn(TensorData rgb) {
    int height = rgb.shape().dim(0);
    int width = rgb.shape().dim(1);
    byte[] in = rgb.array();
    byte[] out = new byte[in.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = (y * width + x) * 3;
        int to = ((width - 1 - x) * height + y) * 3;
        out[to] = in[from];
        out[to + 1] = in[from + 1];
        out[to + 2] = in[from + 2];
      }
    }
    return TensorData.wrap(DataType.UINT8, Shape.of(width, height, 3), out);
  }

  private static TensorData warp(TensorData rgb, TextBox box, int width, int height) {
    double[] h = unitSquareTo(box);
    byte[] src = rgb.array();
    int srcHeight = rgb.shape().dim(0);
    int srcWidth = rgb.shape().dim(1);
    byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    float[] weightX = new float[4];
    float[] weightY = new float[4];
    int to = 0;
    for (int y = 0; y < height; y++) {
      double v = (double) y / height;
      for (int x = 0; x < width; x++) {
        double u = (double) x / width;
        double z = h[6] * u + h[7] * v + 1;
        double sx = (h[0] * u + h[1] * v + h[2]) / z;
        double sy = (h[3] * u + h[4] * v + h[5]) / z;
        int x0 = (int) Math.floor(sx);
        int y0 = (int) Math.floor(sy);
        keys((float) (sx - x0), weightX);
        keys((float) (sy - y0), weightY);
        float red = 0;
        float green = 0;
        float blue = 0;
        for (int j = 0; j < 4; j++) {
          int row = Math.max(0, Math.min(srcHeight - 1, y0 - 1 + j)) * srcWidth;
          for (int i = 0; i < 4; i++) {
            int at = (row + Math.max(0, Math.min(srcWidth - 1, x0 - 1 + i))) * 3;
            float weight = weightX[i] * weightY[j];
            red += weight * (src[at] & 0xff);
            green += weight * (src[at + 1] & 0xff);
            blue += weight * (src[at + 2] & 0xff);
          }
        }
        out[to++] = toByte(red);
        out[to++] = toByte(green);
        out[to++] = toByte(blue);
      }
    }
    return TensorData.wrap(DataType.UINT8, Shape.of(height, width, 3), out);
  }

  /**
   * The projective map of the unit square onto a quadrilateral (Heckbert, "Fundamentals of Texture
   * Mapping and Image Warping", 1989, section 2.2.3), row-major without the last 1. A quadrilateral
   * that has no such map, because corners coincide, is taken as a parallelogram.
   */
  private static double[] unitSquareTo(TextBox q) {
    double dx1 = q.x(1) - q.x(2);
    double dx2 = q.x(3) - q.x(2);
    double dx3 = q.x(0) - q.x(1) + q.x(2) - q.x(3);
    double dy1 = q.y(1) - q.y(2);
    double dy2 = q.y(3) - q.y(2);
    double dy3 = q.y(0) - q.y(1) + q.y(2) - q.y(3);
    double det = dx1 * dy2 - dx2 * dy1;
    double g = Math.abs(det) < 1e-9 ? 0 : (dx3 * dy2 - dx2 * dy3) / det;
    double k = Math.abs(det) < 1e-9 ? 0 : (dx1 * dy3 - dx3 * dy1) / det;
    if (Math.min(Math.min(1 + g, 1 + k), 1 + g + k) < 1e-6) {
      g = 0;
      k = 0;
    }
    return new double[] {
      q.x(1) - q.x(0) + g * q.x(1),
      q.x(3) - q.x(0) + k * q.x(3),
      q.x(0),
      q.y(1) - q.y(0) + g * q.y(1),
      q.y(3) - q.y(0) + k * q.y(3),
      q.y(0),
      g,
      k
    };
  }

  /** The weights of the pixels at -1, 0, 1 and 2 for a point at {@code t}, 0 to 1. */
  private static void keys(float t, float[] weight) {
    weight[0] = ((KEYS_A * (t + 1) - 5 * KEYS_A) * (t + 1) + 8 * KEYS_A) * (t + 1) - 4 * KEYS_A;
    weight[1] = ((KEYS_A + 2) * t - (KEYS_A + 3)) * t * t + 1;
    weight[2] = ((KEYS_A + 2) * (1 - t) - (KEYS_A + 3)) * (1 - t) * (1 - t) + 1;
    weight[3] = 1 - weight[0] - weight[1] - weight[2];
  }

  private static byte toByte(float value) {
    return (byte) Math.max(0, Math.min(255, Math.round(value)));
  }
}
