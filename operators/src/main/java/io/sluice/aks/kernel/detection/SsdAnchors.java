package io.sluice.aks.kernel.detection;

import java.util.ArrayList;
import java.util.List;

/**
 * The prior boxes of SSD (Liu et al., 2016), in the order of Caffe's PriorBox layer: for each map,
 * each cell by row, a square of the smallest size, one of the geometric mean of smallest and
 * largest size, and for each aspect ratio r a box wider by sqrt(r) and one higher by it.
 */
final class SsdAnchors {
  private SsdAnchors() {}

  /**
   * A feature map.
   *
   * @param rows cells down
   * @param columns cells across
   * @param minSize side of the small square, in pixels of the network's input
   * @param maxSize 0 for no second square
   * @param ratios aspect ratios but 1
   */
  record FeatureMap(int rows, int columns, float minSize, float maxSize, float[] ratios) {
    int perCell() {
      return 1 + (maxSize > 0 ? 1 : 0) + 2 * ratios.length;
    }
  }

  /** Centre x, centre y, width, height of each box, relative to the network's input. */
  static float[] of(List<FeatureMap> maps, int netWidth, int netHeight) {
    int count = maps.stream().mapToInt(m -> m.rows * m.columns * m.perCell()).sum();
    float[] anchors = new float[4 * count];
    int at = 0;
    for (FeatureMap map : maps) {
      List<double[]> sizes = sizes(map);
      for (int cell = 0; cell < map.rows * map.columns; cell++) {
        for (double[] size : sizes) {
          anchors[at++] = (float) ((cell % map.columns + 0.5) / map.columns);
          anchors[at++] = (float) ((cell / map.columns + 0.5) / map.rows);
          anchors[at++] = (float) (size[0] / netWidth);
          anchors[at++] = (float) (size[1] / netHeight);
        }
      }
    }
    return anchors;
  }

  private static List<double[]> sizes(FeatureMap map) {
    List<double[]> sizes = new ArrayList<>();
    sizes.add(new double[] {map.minSize, map.minSize});
    if (map.maxSize > 0) {
      double mean = Math.sqrt((double) map.minSize * map.maxSize);
      sizes.add(new double[] {mean, mean});
    }
    for (float ratio : map.ratios) {
      double root = Math.sqrt(ratio);
      sizes.add(new double[] {map.minSize * root, map.minSize / root});
      sizes.add(new double[] {map.minSize / root, map.minSize * root});
    }
    return sizes;
  }
}
