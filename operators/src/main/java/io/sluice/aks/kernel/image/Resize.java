package io.sluice.aks.kernel.image;

import io.sluice.aks.kernel.KernelInputs;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;

/**
 * Bilinear resizing in the convention of OpenCV's INTER_LINEAR: output pixel {@code i} looks at
 * {@code (i + 0.5) * from / to - 0.5}, two source pixels along each axis, border pixels repeated.
 * An image that shrinks is not smoothed first, as the networks that were trained with OpenCV
 * expect.
 *
 * <p>Bytes are computed in integers with weights of 11 bits and rounded half up, so that a result
 * is the same on every machine; it is within 1 of the exact value. Floats are not rounded.
 */
public final class Resize {
  private static final int BITS = 11;
  private static final int ONE = 1 << BITS;
  private static final int HALF = 1 << (2 * BITS - 1);

  private Resize() {}

  /**
   * @param image UINT8 or FLOAT32 [H, W, C]
   * @return [height, width, C] of the same type
   */
  public static TensorData bilinear(TensorData image, int width, int height) {
    return window(image, width, height, 0, 0, width, height);
  }

  /**
   * A window of the resized image; what lies outside of it is not computed.
   *
   * @param image UINT8 or FLOAT32 [H, W, C]
   * @param width of the whole resized image
   * @param height of the whole resized image
   * @return [windowHeight, windowWidth, C] of the same type
   */
  static TensorData window(
      TensorData image,
      long width,
      long height,
      long left,
      long top,
      int windowWidth,
      int windowHeight) {
    Rasters.require(image);
    if (windowWidth < 1 || windowHeight < 1) {
      throw KernelInputs.unusable("an image of " + windowWidth + " x " + windowHeight + " pixels");
    }
    if (Rasters.width(image) == width && Rasters.height(image) == height) {
      return Rasters.crop(image, (int) left, (int) top, windowWidth, windowHeight);
    }
    Axis across = new Axis(Rasters.width(image), width, left, windowWidth);
    Axis down = new Axis(Rasters.height(image), height, top, windowHeight);
    Shape shape = Shape.of(windowHeight, windowWidth, Rasters.channels(image));
    return image.type().equals(DataType.UINT8)
        ? TensorData.wrap(DataType.UINT8, shape, bytes(image, across, down))
        : TensorData.ofFloats(shape, floats(image, across, down));
  }

  private static byte[] bytes(TensorData image, Axis across, Axis down) {
    int channels = Rasters.channels(image);
    int stride = Rasters.width(image) * channels;
    int length = across.low.length * channels;
    byte[] out = new byte[down.low.length * length];
    int[][] rows = new int[2][length];
    int[] held = {-1, -1};
    for (int y = 0; y < down.low.length; y++) {
      int upper = down.low[y];
      int lower = down.high[y];
      if (held[1] == upper) {
        // What was the lower row is the upper one now.
        int[] row = rows[0];
        rows[0] = rows[1];
        rows[1] = row;
        held[1] = held[0];
        held[0] = upper;
      }
      if (held[0] != upper) {
        byteRow(image.array(), upper * stride, channels, across, rows[0]);
        held[0] = upper;
      }
      if (lower != upper && held[1] != lower) {
        byteRow(image.array(), lower * stride, channels, across, rows[1]);
        held[1] = lower;
      }
      int weight = down.weight[y];
      int[] first = rows[0];
      int[] second = lower == upper ? rows[0] : rows[1];
      int to = y * length;
      for (int i = 0; i < length; i++) {
        out[to + i] = (byte) ((first[i] * (ONE - weight) + second[i] * weight + HALF) >> 2 * BITS);
      }
    }
    return out;
  }

  private static void byteRow(byte[] src, int offset, int channels, Axis across, int[] out) {
    int i = 0;
    for (int x = 0; x < across.low.length; x++) {
      int low = offset + across.low[x] * channels;
      int high = offset + across.high[x] * channels;
      int weight = across.weight[x];
      for (int c = 0; c < channels; c++) {
        out[i++] = (src[low + c] & 0xff) * (ONE - weight) + (src[high + c] & 0xff) * weight;
      }
    }
  }

  private static float[] floats(TensorData image, Axis across, Axis down) {
    int channels = Rasters.channels(image);
    int stride = Rasters.width(image) * channels;
    float[] src = image.toFloats();
    float[] out = new float[down.low.length * across.low.length * channels];
    int i = 0;
    for (int y = 0; y < down.low.length; y++) {
      int upper = down.low[y] * stride;
      int lower = down.high[y] * stride;
      float fy = down.fraction[y];
      for (int x = 0; x < across.low.length; x++) {
        int low = across.low[x] * channels;
        int high = across.high[x] * channels;
        float fx = across.fraction[x];
        for (int c = 0; c < channels; c++) {
          float a = lerp(src[upper + low + c], src[upper + high + c], fx);
          float b = lerp(src[lower + low + c], src[lower + high + c], fx);
          out[i++] = lerp(a, b, fy);
        }
      }
    }
    return out;
  }

  private static float lerp(float a, float b, float t) {
    return a + (b - a) * t;
  }

  /** The two source pixels of each output pixel along one axis, and the weight of the second. */
  private static final class Axis {
    final int[] low;
    final int[] high;
    final int[] weight;
    final float[] fraction;

    Axis(int from, long to, long first, int count) {
      low = new int[count];
      high = new int[count];
      weight = new int[count];
      fraction = new float[count];
      double ratio = (double) from / to;
      for (int i = 0; i < count; i++) {
        double at = Math.max(0, Math.min(from - 1, (first + i + 0.5) * ratio - 0.5));
        low[i] = (int) at;
        high[i] = Math.min(from - 1, low[i] + 1);
        fraction[i] = (float) (at - low[i]);
        weight[i] = (int) Math.round((at - low[i]) * ONE);
      }
    }
  }
}
