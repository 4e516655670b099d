package io.sluice.compile;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.Map;

/**
 * The sliding window of a convolution or pool with its padding spelled out, so that the FLOOR form
 * that fixed-point ops know gives the same output size as the float op's {@code pad_mode}. Shapes
 * are NHWC.
 */
record Window(
    int kernelW,
    int kernelH,
    int strideW,
    int strideH,
    int dilationW,
    int dilationH,
    int left,
    int right,
    int top,
    int bottom) {

  /** The window of a 2-D convolution or pool. */
  static Window of(Op op) {
    Shape in = op.input().output().shape();
    Shape out = op.output().shape();
    Attrs a = op.attrs();
    if (a.getBool("global", false)) {
      return new Window(in.dim(2), in.dim(1), 1, 1, 1, 1, 0, 0, 0, 0);
    }
    int[] kernel = a.getInts("kernel");
    int[] stride = a.getInts("stride");
    int[] dilation = a.getInts("dilation", 1, 1);
    int[] pad = a.getInts("pad", 0, 0, 0, 0);
    int[] w = pads(a, in.dim(2), out.dim(2), kernel[0], stride[0], dilation[0], pad[0], pad[1]);
    int[] h = pads(a, in.dim(1), out.dim(1), kernel[1], stride[1], dilation[1], pad[2], pad[3]);
    return new Window(
        kernel[0],
        kernel[1],
        stride[0],
        stride[1],
        dilation[0],
        dilation[1],
        w[0],
        w[1],
        h[0],
        h[1]);
  }

  private static int[] pads(
      Attrs a, int in, int out, int kernel, int stride, int dilation, int before, int after) {
    int reach = (out - 1) * stride + (kernel - 1) * dilation + 1;
    return switch (a.getString("pad_mode", "FLOOR")) {
      case "SAME" -> {
        int total = Math.max(0, reach - in);
        yield new int[] {total / 2, total - total / 2};
      }
      case "CEIL" -> new int[] {before, Math.max(after, reach - in - before)};
      default -> new int[] {before, after};
    };
  }

  /** A window of one pixel. */
  static Window pixel() {
    return new Window(1, 1, 1, 1, 1, 1, 0, 0, 0, 0);
  }

  /** Attributes kernel, stride and pad; with dilation and pad_mode for a convolution. */
  Attrs attrs(boolean convolution) {
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", new int[] {kernelW, kernelH})
            .with("stride", new int[] {strideW, strideH})
            .with("pad", new int[] {left, right, top, bottom});
    return convolution
        ? attrs.with("dilation", new int[] {dilationW, dilationH}).with("pad_mode", "FLOOR")
        : attrs;
  }

  /** The window of a fixed-point op. */
  static Window of(Attrs a) {
    int[] kernel = a.getInts("kernel");
    int[] stride = a.getInts("stride");
    int[] dilation = a.getInts("dilation", 1, 1);
    int[] pad = a.getInts("pad", 0, 0, 0, 0);
    return new Window(
        kernel[0],
        kernel[1],
        stride[0],
        stride[1],
        dilation[0],
        dilation[1],
        pad[0],
        pad[1],
        pad[2],
        pad[3]);
  }

  /** The variables of the guide's limits. */
  void into(Map<String, Integer> values) {
    values.put("kernel_w", kernelW);
    values.put("kernel_h", kernelH);
    values.put("stride_w", strideW);
    values.put("stride_h", strideH);
    values.put("dilation_w", dilationW);
    values.put("dilation_h", dilationH);
    values.put("dilation", Math.max(dilationW, dilationH));
    values.put("pad_left", left);
    values.put("pad_right", right);
    values.put("pad_top", top);
    values.put("pad_bottom", bottom);
  }
}
