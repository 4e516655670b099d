package io.sluice.onnx;

import io.sluice.error.ErrorCode;
import io.sluice.xir.Attrs;
import io.sluice.xir.Shape;
import java.util.Arrays;

/**
 * The sliding window of a convolution or a pool in XIR's order: kernel, stride and dilation {w, h},
 * pad {left, right, top, bottom}.
 */
record Window(int[] kernel, int[] stride, int[] dilation, int[] pad) {

  /** The window of a Conv or pool node on an NCHW input. */
  static Window of(OnnxNode node, Shape input, int kernelHeight, int kernelWidth) {
    return read(node, input, kernelHeight, kernelWidth, false);
  }

  /**
   * The window of a ConvTranspose node; its far pads are less its output padding.
   *
   * @param beyond paddings (NHWC, two for each dimension) for output padding that is more than the
   *     far pad; null if there is none
   */
  record Transposed(Window window, int[] beyond) {}

  /** Reads the window of a ConvTranspose node. */
  static Transposed ofTransposed(OnnxNode node, Shape input, int kernelHeight, int kernelWidth) {
    Window read = read(node, input, kernelHeight, kernelWidth, true);
    int[] pad = read.pad().clone();
    int[] beyond = {0, 0, 0, Math.max(0, -pad[3]), 0, Math.max(0, -pad[1]), 0, 0};
    pad[1] = Math.max(0, pad[1]);
    pad[3] = Math.max(0, pad[3]);
    Window window = new Window(read.kernel(), read.stride(), read.dilation(), pad);
    return new Transposed(window, beyond[3] + beyond[5] > 0 ? beyond : null);
  }

  private static Window read(OnnxNode node, Shape input, int kh, int kw, boolean transposed) {
    int[] kernel = pair(node, "kernel_shape", kh, kw, 1);
    if (kernel[0] != kh || kernel[1] != kw) {
      throw node.invalid("of kernel_shape other than its weights' " + kh + "x" + kw);
    }
    int[] strides = pair(node, "strides", 1, 1, 1);
    int[] dilations = pair(node, "dilations", 1, 1, 1);
    int[] outputPadding = pair(node, "output_padding", 0, 0, 0);
    int[] wanted = pair(node, "output_shape", 0, 0, 0);
    int[] pads = node.integers("pads", 0, 0, 0, 0);
    if (pads.length != 4) {
      throw node.invalid("of " + pads.length + " pads");
    }
    String auto = node.string("auto_pad", "NOTSET");
    int[] pad = new int[4];
    for (int axis = 0; axis < 2; axis++) {
      int begin = pads[axis];
      int end = pads[axis + 2];
      long effective = (kernel[axis] - 1L) * dilations[axis] + 1;
      long in = input.dim(axis + 2);
      if (auto.startsWith("SAME") || (transposed && wanted[axis] > 0)) {
        long total;
        if (transposed) {
          long out = wanted[axis] > 0 ? wanted[axis] : in * strides[axis];
          total = (in - 1) * strides[axis] + effective + outputPadding[axis] - out;
        } else {
          long out = (in + strides[axis] - 1) / strides[axis];
          total = (out - 1) * strides[axis] + effective - in;
        }
        total = Math.max(0, total);
        begin = OnnxNode.clamp(auto.equals("SAME_UPPER") ? total / 2 : total - total / 2);
        end = OnnxNode.clamp(total - begin);
      } else if (auto.equals("VALID")) {
        begin = 0;
        end = 0;
      }
      if (begin < 0 || end < 0) {
        throw node.refused(
            ErrorCode.ONNX_NEGATIVE_PAD, "of pads " + begin + " and " + end, "pad by 0 or more");
      }
      if (begin > effective * 16 || end > effective * 16) {
        throw node.invalid("of pads " + begin + " and " + end);
      }
      pad[axis == 0 ? 2 : 0] = begin;
      pad[axis == 0 ? 3 : 1] = transposed ? end - outputPadding[axis] : end;
    }
    return new Window(swap(kernel), swap(strides), swap(dilations), pad);
  }

  private static int[] pair(OnnxNode node, String name, int h, int w, int least) {
    int[] values = node.integers(name, h, w);
    if (values.length == 0) {
      values = new int[] {h, w};
    }
    if (values.length != 2
        || values[0] < least
        || values[1] < least
        || values[0] > 1 << 20
        || values[1] > 1 << 20) {
      throw node.invalid("of " + name + " " + Arrays.toString(values));
    }
    return values;
  }

  private static int[] swap(int[] pair) {
    return new int[] {pair[1], pair[0]};
  }

  Attrs convAttrs() {
    return Attrs.EMPTY
        .with("kernel", kernel)
        .with("stride", stride)
        .with("dilation", dilation)
        .with("pad_mode", "FLOOR")
        .with("pad", pad);
  }
}
