package io.sluice.aks.kernel;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;

/** Checks of tensors that come in, and the resampling that the preprocess kernels share. */
final class Pixels {
  private Pixels() {}

  /** Returns the image if it is UINT8 [H, W, 3] with at least one pixel. */
  static TensorData requireRgb(TensorData image) {
    Shape shape = image.shape();
    boolean rgb = shape.rank() == 3 && shape.dim(2) == 3 && shape.elements() > 0;
    if (!rgb || !image.type().equals(DataType.UINT8)) {
      throw new SluiceException(
          ErrorCode.XIR_SHAPE_UNMATCH,
          image + " is no UINT8 [H, W, 3] image",
          "kernel input",
          "decode the image first");
    }
    return image;
  }

  /** Returns the tensor if it is FLOAT32 and its shape fits; -1 in {@code dims} fits any size. */
  static TensorData requireFloat(TensorData tensor, int... dims) {
    boolean fits = tensor.type().equals(DataType.FLOAT32) && tensor.shape().rank() == dims.length;
    for (int i = 0; fits && i < dims.length; i++) {
      fits = dims[i] < 0 || tensor.shape().dim(i) == dims[i];
    }
    if (!fits) {
      throw new SluiceException(
          ErrorCode.XIR_SHAPE_UNMATCH,
          tensor + " where FLOAT32 " + Arrays.toString(dims) + " is expected",
          "kernel input",
          "feed the output of the kernel's own model");
    }
    return tensor;
  }

  /** The leftmost columns of an RGB image. */
  static TensorData left(TensorData image, int width) {
    int height = image.shape().dim(0);
    int stride = image.shape().dim(1) * 3;
    if (width * 3 == stride) {
      return image;
    }
    byte[] out = new byte[height * width * 3];
    for (int y = 0; y < height; y++) {
      System.arraycopy(image.array(), y * stride, out, y * width * 3, width * 3);
    }
    return TensorData.wrap(DataType.UINT8, Shape.of(height, width, 3), out);
  }

  /**
   * Resizes an RGB image and writes {@code (value - mean[c]) * scale[c]} into the upper left corner
   * of a canvas that the caller has filled.
   *
   * <p>Bilinear with pixel centres aligned. When an axis shrinks, the triangle is widened by the
   * factor of shrinking so that every source pixel counts: thin strokes would otherwise fall
   * between the taps.
   *
   * @param canvas [canvasHeight, canvasWidth, 3], channels in the order of {@code channel}
   * @param channel for each output channel the index of the RGB channel it takes
   */
  static void resizeInto(
      TensorData image,
      int width,
      int height,
      float[] canvas,
      int canvasWidth,
      int[] channel,
      float[] mean,
      float[] scale) {
    byte[] src = image.array();
    int srcHeight = image.shape().dim(0);
    int srcWidth = image.shape().dim(1);
    Taps across = Taps.of(srcWidth, width);
    Taps down = Taps.of(srcHeight, height);
    int rowLength = width * 3;
    float[][] window = new float[down.count][];
    int filled = 0;
    float[] sum = new float[rowLength];
    for (int y = 0; y < height; y++) {
      // Source rows are resized across once, on a ring that holds as many as there are taps.
      int first = down.first[y];
      for (filled = Math.max(filled, first); filled < first + down.count; filled++) {
        int slot = filled % down.count;
        if (window[slot] == null) {
          window[slot] = new float[rowLength];
        }
        resizeRow(src, Math.min(filled, srcHeight - 1) * srcWidth * 3, across, window[slot]);
      }
      Arrays.fill(sum, 0);
      for (int t = 0; t < down.count; t++) {
        float weight = down.weight[y * down.count + t];
        if (weight != 0) {
          float[] row = window[(first + t) % down.count];
          for (int i = 0; i < rowLength; i++) {
            sum[i] += weight * row[i];
          }
        }
      }
      int out = y * canvasWidth * 3;
      for (int i = 0; i < rowLength; i += 3) {
        canvas[out++] = (sum[i + channel[0]] - mean[0]) * scale[0];
        canvas[out++] = (sum[i + channel[1]] - mean[1]) * scale[1];
        canvas[out++] = (sum[i + channel[2]] - mean[2]) * scale[2];
      }
    }
  }

  private static void resizeRow(byte[] src, int offset, Taps across, float[] out) {
    int width = across.first.length;
    for (int x = 0; x < width; x++) {
      float red = 0;
      float green = 0;
      float blue = 0;
      int from = offset + across.first[x] * 3;
      for (int t = 0; t < across.count; t++) {
        float weight = across.weight[x * across.count + t];
        if (weight != 0) {
          int i = from + t * 3;
          red += weight * (src[i] & 0xff);
          green += weight * (src[i + 1] & 0xff);
          blue += weight * (src[i + 2] & 0xff);
        }
      }
      out[x * 3] = red;
      out[x * 3 + 1] = green;
      out[x * 3 + 2] = blue;
    }
  }

  /** The source pixels and weights of each output pixel along one axis. */
  private static final class Taps {
    final int count;
    final int[] first;
    final float[] weight;

    private Taps(int count, int size) {
      this.count = count;
      this.first = new int[size];
      this.weight = new float[Math.multiplyExact(count, size)];
    }

    static Taps of(int from, int to) {
      double ratio = (double) from / to;
      double support = Math.max(1, ratio);
      Taps taps = new Taps((int) Math.ceil(support * 2) + 1, to);
      for (int i = 0; i < to; i++) {
        double centre = (i + 0.5) * ratio - 0.5;
        int start = (int) Math.ceil(centre - support);
        int clampedStart = Math.max(0, start);
        taps.first[i] = clampedStart;
        double total = 0;
        for (int t = 0; t < taps.count; t++) {
          total += triangle((start + t - centre) / support);
        }
        for (int t = 0; t < taps.count; t++) {
          // What lies outside the image is the border pixel repeated.
          int at = Math.min(from - 1, Math.max(0, start + t));
          taps.weight[i * taps.count + at - clampedStart] +=
              (float) (triangle((start + t - centre) / support) / total);
        }
      }
      return taps;
    }

    private static double triangle(double x) {
      return Math.max(0, 1 - Math.abs(x));
    }
  }
}
