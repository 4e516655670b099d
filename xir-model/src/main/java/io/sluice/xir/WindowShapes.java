package io.sluice.xir;

import io.sluice.error.ErrorCode;
import java.util.Arrays;

/**
 * Output sizes of ops that slide a window: convolutions and pools, forward and transposed, in one,
 * two or three dimensions.
 *
 * <p>Kernel, stride and dilation are given as {w}, {w, h} or {w, h, d}, pads as a pair for each of
 * them; feature maps are NLC, NHWC or NHWDC. Arithmetic is in 64 bits.
 */
final class WindowShapes {
  /** What axis of a feature map an entry of a kernel belongs to: w, h, d. */
  private static final int[] AXES = {2, 1, 3};

  /** A checked window: one entry per spatial axis, two for pads. */
  record Window(int[] kernel, int[] stride, int[] dilation, int[] pad, String padMode) {
    /** Reads the attributes of an op. */
    static Window of(InferenceContext op, boolean dilated, boolean padMode) {
      int[] kernel = op.ints("kernel", 1);
      int[] ones = new int[kernel.length];
      Arrays.fill(ones, 1);
      return new Window(
          kernel,
          op.ints("stride", 1),
          dilated ? op.ints("dilation", 1) : ones,
          op.ints("pad", 0),
          padMode ? op.attrs().getString("pad_mode") : "FLOOR");
    }
  }

  private WindowShapes() {}

  /** The output of a window op on a feature map, with so many channels. */
  static Shape output(InferenceContext op, Window window, boolean transposed, long channels) {
    int spatial = window.kernel().length;
    Shape in = op.shape("input", spatial + 2);
    long[] dims = new long[in.rank()];
    dims[0] = in.dim(0);
    dims[spatial + 1] = channels;
    for (int i = 0; i < spatial; i++) {
      int axis = axis(i, spatial);
      dims[axis] =
          transposed
              ? transposed(op, window, i, in.dim(axis))
              : forward(op, window, i, in.dim(axis));
    }
    return op.dims(dims);
  }

  /** The axis of a feature map (and of weights) for an entry of a kernel. */
  static int axis(int entry, int spatial) {
    return spatial == 1 ? 1 : AXES[entry];
  }

  private static long forward(InferenceContext op, Window w, int i, long in) {
    long padded = in + w.pad()[2 * i] + w.pad()[2 * i + 1];
    long reach = (w.kernel()[i] - 1L) * w.dilation()[i];
    long stride = w.stride()[i];
    return switch (w.padMode()) {
      case "FLOOR" -> Math.floorDiv(padded - reach - 1 + stride, stride);
      case "CEIL" -> ceilDiv(padded - reach - 1 + stride, stride);
      case "SAME" -> ceilDiv(padded, stride);
      case "VALID" -> ceilDiv(padded - reach, stride);
      default -> throw badMode(op, w);
    };
  }

  private static long transposed(InferenceContext op, Window w, int i, long in) {
    long kernel = w.kernel()[i];
    long stride = w.stride()[i];
    return switch (w.padMode()) {
      case "FLOOR", "CEIL" ->
          (in - 1) * stride
              + (kernel - 1) * w.dilation()[i]
              + 1
              - w.pad()[2 * i]
              - w.pad()[2 * i + 1];
      case "SAME" -> in * stride;
      case "VALID" -> (in - 1) * stride + kernel;
      default -> throw badMode(op, w);
    };
  }

  private static RuntimeException badMode(InferenceContext op, Window w) {
    return op.fail(
        ErrorCode.XIR_INVALID_ARG_OCCUR,
        "attribute 'pad_mode' is '" + w.padMode() + "'",
        "use one of [FLOOR, CEIL, SAME, VALID]");
  }

  private static long ceilDiv(long a, long b) {
    return -Math.floorDiv(-a, b);
  }
}
