package io.sluice.aks.kernel.detection;

/** Where tiles of one size begin along an axis so that they cover it. */
final class Tiling {
  private Tiling() {}

  /** The number of tiles. */
  static int count(int length, int tile, int overlap) {
    return length <= tile ? 1 : (length - overlap - 1) / (tile - overlap) + 1;
  }

  /**
   * The first pixel of each tile, ascending. Neighbours overlap by {@code overlap}; the last one is
   * moved back to end where the axis ends, so it may overlap more. A single tile may be longer than
   * the axis.
   */
  static int[] starts(int length, int tile, int overlap) {
    int[] starts = new int[count(length, tile, overlap)];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = Math.max(0, Math.min(i * (tile - overlap), length - tile));
    }
    return starts;
  }
}
