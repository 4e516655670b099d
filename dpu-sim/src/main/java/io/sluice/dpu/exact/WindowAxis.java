package io.sluice.dpu.exact;

import io.sluice.xir.Op;

/**
 * One axis of a sliding window.
 *
 * @param in size of the input
 * @param out size of the output
 * @param kernel taps
 * @param stride step of the window, or of the dilated input when transposed
 * @param dilation distance of taps
 * @param padBegin padding before, or what a transposed window crops from the front
 * @param padEnd padding after, or what a transposed window crops from the back
 */
record WindowAxis(int in, int out, int kernel, int stride, int dilation, int padBegin, int padEnd) {

  /** The vertical axis of an op with attributes kernel {w,h}, stride, dilation, pad {l,r,t,b}. */
  static WindowAxis vertical(Op op) {
    return of(op, 1);
  }

  /** The horizontal axis. */
  static WindowAxis horizontal(Op op) {
    return of(op, 0);
  }

  private static WindowAxis of(Op op, int i) {
    int[] pad = op.attrs().getInts("pad", 0, 0, 0, 0);
    int[] dilation = op.attrs().getInts("dilation", 1, 1);
    int[] kernel = op.attrs().getInts("kernel");
    int[] stride = op.attrs().getInts("stride");
    if (pad.length != 4 || dilation.length != 2 || kernel.length != 2 || stride.length != 2) {
      throw FixOps.unexpected(
          op, "kernel, stride, dilation and pad of the wrong length", "give 2, 2, 2 and 4 values");
    }
    int in = op.input().output().shape().dim(2 - i);
    int out = op.output().shape().dim(2 - i);
    FixOps.range(op, "kernel", kernel[i], 1, 1 << 16);
    FixOps.range(op, "stride", stride[i], 1, 1 << 16);
    FixOps.range(op, "dilation", dilation[i], 1, 1 << 16);
    FixOps.range(op, "padding", pad[2 * i], 0, 1 << 16);
    FixOps.range(op, "padding", pad[2 * i + 1], 0, 1 << 16);
    return new WindowAxis(in, out, kernel[i], stride[i], dilation[i], pad[2 * i], pad[2 * i + 1]);
  }

  /** The size of the kernel with the gaps that dilation leaves. */
  int span() {
    return (kernel - 1) * dilation + 1;
  }

  /**
   * For output o and tap k at [o * kernel + k] the input o*stride + k*dilation - pad; -1 outside.
   */
  int[] sources() {
    int[] sources = new int[out * kernel];
    for (int o = 0; o < out; o++) {
      for (int k = 0; k < kernel; k++) {
        int i = o * stride + k * dilation - padBegin;
        sources[o * kernel + k] = i >= 0 && i < in ? i : -1;
      }
    }
    return sources;
  }

  /**
   * The same for a transposed convolution: a plain one over the input spread out by its stride,
   * with padding span - 1 - pad, so the tap's place is o + k*dilation - (span - 1 - pad) and it has
   * an input only at multiples of the stride.
   */
  int[] transposedSources() {
    int[] sources = new int[out * kernel];
    for (int o = 0; o < out; o++) {
      for (int k = 0; k < kernel; k++) {
        int place = o + k * dilation - (span() - 1 - padBegin);
        int i = place / stride;
        sources[o * kernel + k] = place >= 0 && place % stride == 0 && i < in ? i : -1;
      }
    }
    return sources;
  }
}
