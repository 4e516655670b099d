package io.sluice.zoo;

/** A window over height and width, in ONNX's terms; both axes have the same stride. */
record Kernel(int height, int width, int stride, int padHeight, int padWidth) {
  /** Square, padded by half of its size. */
  static Kernel same(int size, int stride) {
    return new Kernel(size, size, stride, size / 2, size / 2);
  }

  /** Square, without padding. */
  static Kernel valid(int size, int stride) {
    return new Kernel(size, size, stride, 0, 0);
  }

  /** Padded so that a stride of 1 keeps the size. */
  static Kernel flat(int height, int width) {
    return new Kernel(height, width, 1, height / 2, width / 2);
  }

  int[] sizes() {
    return new int[] {height, width};
  }

  int[] strides() {
    return new int[] {stride, stride};
  }

  int[] pads() {
    return new int[] {padHeight, padWidth, padHeight, padWidth};
  }

  int outHeight(int in, boolean ceil) {
    return out(in, height, padHeight, ceil);
  }

  int outWidth(int in, boolean ceil) {
    return out(in, width, padWidth, ceil);
  }

  /** A window that would begin in the far padding is left out, as PyTorch does. */
  private int out(int in, int size, int pad, boolean ceil) {
    int span = in + 2 * pad - size;
    int out = (ceil ? -Math.floorDiv(-span, stride) : Math.floorDiv(span, stride)) + 1;
    return ceil && (out - 1) * stride >= in + pad ? out - 1 : out;
  }
}
