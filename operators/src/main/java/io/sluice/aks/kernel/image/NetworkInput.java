package io.sluice.aks.kernel.image;

import io.sluice.aks.kernel.KernelInputs;
import io.sluice.xir.DataType;
import io.sluice.xir.TensorData;
import java.util.Arrays;

/**
 * A FLOAT32 batch of images that is being filled: {@code (pixel - mean[c]) * scale} in either
 * layout, the channels as they come or reversed.
 */
final class NetworkInput {
  /** No batch is larger: 1 GiB of floats. */
  private static final long MAX_ELEMENTS = 1L << 28;

  private final Format format;
  private final int batch;
  private final float[] values;
  private final float[][] table = new float[3][256];

  /**
   * What a network takes.
   *
   * @param width in pixels
   * @param height in pixels
   * @param layout of the tensor
   * @param reversed whether the first channel of the tensor is the last one of the image: BGR of
   *     RGB
   * @param mean to be subtracted, in the order of the tensor's channels
   * @param scale what the difference is multiplied with
   * @param fill the value where no image is
   */
  record Format(
      int width,
      int height,
      Layout layout,
      boolean reversed,
      float[] mean,
      double scale,
      float fill)
      implements java.io.Serializable {}

  NetworkInput(int batch, Format format) {
    long elements = 3L * batch * format.width * format.height;
    if (elements > MAX_ELEMENTS) {
      throw KernelInputs.unusable(
          batch + " images of " + format.width + " x " + format.height + " for one tensor");
    }
    this.batch = batch;
    this.format = format;
    this.values = new float[(int) elements];
    if (format.fill != 0) {
      Arrays.fill(values, format.fill);
    }
    for (int c = 0; c < 3; c++) {
      for (int pixel = 0; pixel < 256; pixel++) {
        table[c][pixel] = value(pixel, c);
      }
    }
  }

  private float value(float pixel, int channel) {
    return (float) ((pixel - format.mean[channel]) * format.scale);
  }

  /** Puts an image of three channels into place {@code index} of the batch, at (left, top). */
  void put(int index, TensorData image, int left, int top) {
    boolean planar = format.layout == Layout.NCHW;
    int plane = format.width * format.height;
    int step = planar ? 1 : 3;
    boolean bytes = image.type().equals(DataType.UINT8);
    byte[] src = image.array();
    int width = Rasters.width(image);
    for (int c = 0; c < 3; c++) {
      int base = index * plane * 3 + (planar ? c * plane : c);
      int from = format.reversed ? 2 - c : c;
      float[] of = table[c];
      for (int y = 0; y < Rasters.height(image); y++) {
        int to = base + ((top + y) * format.width + left) * step;
        for (int x = 0; x < width; x++, from += 3, to += step) {
          values[to] = bytes ? of[src[from] & 0xff] : value(image.getFloat(from), c);
        }
      }
    }
  }

  TensorData tensor() {
    return TensorData.ofFloats(format.layout.shape(batch, format.height, format.width), values);
  }
}
