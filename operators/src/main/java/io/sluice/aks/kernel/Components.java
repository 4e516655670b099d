package io.sluice.aks.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The 8-connected regions of a probability map that lie over a threshold. */
final class Components {
  private Components() {}

  /**
   * The leftmost and rightmost pixel of each row of a region: all that its convex hull needs.
   * Sorted by y, then x.
   */
  record Outline(int[] xs, int[] ys) {}

  /**
   * Finds the regions in the order of their first pixel. Each pixel is visited once.
   *
   * @param minSide regions whose bounding box is lower and narrower than this are left out
   * @param limit at most so many regions
   */
  static List<Outline> find(
      float[] map, int width, int height, float threshold, int minSide, int limit) {
    boolean[] seen = new boolean[map.length];
    int[] stack = new int[256];
    int[] left = new int[height];
    int[] right = new int[height];
    Arrays.fill(left, Integer.MAX_VALUE);
    Arrays.fill(right, -1);
    List<Outline> outlines = new ArrayList<>();
    for (int start = 0; start < map.length && outlines.size() < limit; start++) {
      if (seen[start] || !(map[start] > threshold)) {
        continue;
      }
      int size = 0;
      stack[size++] = start;
      seen[start] = true;
      int bottom = start / width;
      int minX = width;
      int maxX = -1;
      while (size > 0) {
        int at = stack[--size];
        int x = at % width;
        int y = at / width;
        left[y] = Math.min(left[y], x);
        right[y] = Math.max(right[y], x);
        bottom = Math.max(bottom, y);
        minX = Math.min(minX, x);
        maxX = Math.max(maxX, x);
        if (size + 8 > stack.length) {
          stack = Arrays.copyOf(stack, stack.length * 2);
        }
        for (int ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
          for (int nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
            int next = ny * width + nx;
            if (!seen[next] && map[next] > threshold) {
              seen[next] = true;
              stack[size++] = next;
            }
          }
        }
      }
      int top = start / width;
      if (maxX - minX + 1 >= minSide || bottom - top + 1 >= minSide) {
        outlines.add(outline(left, right, top, bottom));
      }
      Arrays.fill(left, top, bottom + 1, Integer.MAX_VALUE);
      Arrays.fill(right, top, bottom + 1, -1);
    }
    return outlines;
  }

  private static Outline outline(int[] left, int[] right, int top, int bottom) {
    int[] xs = new int[2 * (bottom - top + 1)];
    int[] ys = new int[xs.length];
    int n = 0;
    for (int y = top; y <= bottom; y++) {
      xs[n] = left[y];
      ys[n++] = y;
      if (right[y] != left[y]) {
        xs[n] = right[y];
        ys[n++] = y;
      }
    }
    return new Outline(Arrays.copyOf(xs, n), Arrays.copyOf(ys, n));
  }
}
