package io.sluice.quantize;

import io.sluice.xir.FixPoint;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Takes second moments of what a convolution multiplies its weights with: for output pixels spread
 * over the map, sum u u^T of the vector u that holds 1 and then the input values under the kernel,
 * as the integers that they are stored as. A depthwise convolution has one such matrix per channel,
 * another one in all.
 *
 * <p>The sums are of integers below 2^53 and so exact: they do not depend on the order of pixels or
 * samples.
 */
final class ConvMoments {
  /** Longest vector that is looked at; a convolution with more weights per output is left out. */
  private static final int MAX_LENGTH = 1024;

  private static final int LONG_VECTOR = 100;
  private static final int PIXELS = 512;
  private static final int PIXELS_OF_LONG_VECTOR = 384;

  private final boolean depthwise;
  private final int[] kernel;
  private final int[] stride;
  private final int[] pad;
  private final int inHeight;
  private final int inWidth;
  private final int channels;
  private final int outHeight;
  private final int outWidth;
  private final int length;
  private final int matrices;

  ConvMoments(Op op) {
    Shape weights = op.input("weights").output().shape();
    Shape in = op.input().output().shape();
    Shape out = op.output().shape();
    this.depthwise = ScaleFamily.isDepthwise(op);
    this.kernel = op.attrs().getInts("kernel");
    this.stride = op.attrs().getInts("stride");
    this.pad = op.attrs().getInts("pad");
    this.inHeight = in.dim(1);
    this.inWidth = in.dim(2);
    this.channels = in.dim(3);
    this.outHeight = out.dim(1);
    this.outWidth = out.dim(2);
    int taps = weights.dim(1) * weights.dim(2);
    this.length = 1 + (depthwise ? taps : taps * weights.dim(3));
    this.matrices = depthwise ? out.dim(3) : 1;
  }

  /** Whether moments of a convolution are taken. */
  static boolean covers(Op op) {
    boolean plain =
        op.type().equals("conv2d")
            || (op.type().equals("depthwise-conv2d")
                && op.input("weights").output().shape().dim(0) == 1);
    int[] dilation = op.attrs().getInts("dilation", new int[] {1, 1});
    return plain
        && op.attrs().getInt("group", 1) == 1
        && Arrays.stream(dilation).allMatch(d -> d == 1)
        && new ConvMoments(op).length <= MAX_LENGTH;
  }

  /** The number of entries of u, the 1 included. */
  int length() {
    return length;
  }

  /** The number of matrices. */
  int matrices() {
    return matrices;
  }

  /** The sums over one sample: the lower triangles of all matrices, row by row. */
  double[] observe(FloatBuffer values, int position) {
    int[] stored = stored(values, position);
    int triangle = length * (length + 1) / 2;
    // At most PIXELS products of two bytes: far from the end of an int.
    int[] sums = new int[matrices * triangle];
    int[] u = new int[length];
    u[0] = 1;
    int pixels = outHeight * outWidth;
    int wanted = length > LONG_VECTOR ? PIXELS_OF_LONG_VECTOR : PIXELS;
    // An odd step falls on every column in turn, whatever the width.
    int step = (pixels + wanted - 1) / wanted | 1;
    for (int p = (pixels - 1) % step / 2; p < pixels; p += step) {
      for (int m = 0; m < matrices; m++) {
        gather(stored, p / outWidth, p % outWidth, m, u);
        addProducts(u, sums, m * triangle);
      }
    }
    double[] exact = new double[sums.length];
    for (int i = 0; i < exact.length; i++) {
      exact[i] = sums[i];
    }
    return exact;
  }

  private static void addProducts(int[] u, int[] sums, int from) {
    int at = from;
    for (int i = 0; i < u.length; i++) {
      addScaled(u, u[i], sums, at, i + 1);
      at += i + 1;
    }
  }

  private static void addScaled(int[] u, int factor, int[] sums, int at, int count) {
    if (factor != 0) {
      for (int j = 0; j < count; j++) {
        sums[at + j] += factor * u[j];
      }
    }
  }

  private static int[] stored(FloatBuffer values, int position) {
    float[] all = new float[values.remaining()];
    values.get(all);
    double scale = FixPoint.powerOfTwo(position);
    int[] stored = new int[all.length];
    for (int i = 0; i < all.length; i++) {
      stored[i] = (int) Math.max(-128, Math.min(127, Math.floor(all[i] * scale + 0.5)));
    }
    return stored;
  }

  private void gather(int[] x, int oy, int ox, int channel, int[] u) {
    int at = 1;
    for (int ky = 0; ky < kernel[1]; ky++) {
      int y = oy * stride[1] - pad[2] + ky;
      for (int kx = 0; kx < kernel[0]; kx++) {
        int xx = ox * stride[0] - pad[0] + kx;
        boolean inside = y >= 0 && y < inHeight && xx >= 0 && xx < inWidth;
        int pixel = (y * inWidth + xx) * channels;
        if (depthwise) {
          u[at++] = inside ? x[pixel + channel] : 0;
        } else if (inside) {
          System.arraycopy(x, pixel, u, at, channels);
          at += channels;
        } else {
          Arrays.fill(u, at, at + channels, 0);
          at += channels;
        }
      }
    }
  }
}
