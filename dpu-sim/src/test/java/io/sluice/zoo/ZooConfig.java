package io.sluice.zoo;

/**
 * How large a network of the zoo is made.
 *
 * @param size height and width of the input image
 * @param width factor on the numbers of channels
 * @param classes of a classifier
 * @param foldBatchNorm whether the exporter has folded batch norm into convolutions, as PyTorch's
 *     does unless told not to
 * @param seed of the weights
 */
record ZooConfig(int size, double width, int classes, boolean foldBatchNorm, long seed) {
  private static final long SEED = 20260401;

  /** As published, with batch norm kept. */
  static ZooConfig full(int size, int classes) {
    return new ZooConfig(size, 1, classes, false, SEED);
  }

  ZooConfig sized(int newSize, double newWidth) {
    return new ZooConfig(newSize, newWidth, newWidth < 1 ? 16 : classes, foldBatchNorm, seed);
  }

  ZooConfig folded() {
    return new ZooConfig(size, width, classes, true, seed);
  }
}
