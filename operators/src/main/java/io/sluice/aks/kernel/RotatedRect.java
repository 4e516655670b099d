package io.sluice.aks.kernel;

import java.util.Arrays;

/**
 * A rectangle at any angle.
 *
 * @param cx centre, x
 * @param cy centre, y
 * @param ux x of the unit vector along the width, within 45 degrees of the x axis
 * @param uy y of that vector
 * @param width side along (ux, uy)
 * @param height side across it
 */
record RotatedRect(double cx, double cy, double ux, double uy, double width, double height) {

  /**
   * The smallest rectangle by area around points. One of its sides lies on an edge of the convex
   * hull (Freeman and Shapira, 1975), so each edge is tried.
   *
   * @param xs coordinates of at least one point, sorted by y, then x
   */
  static RotatedRect around(int[] xs, int[] ys, int count) {
    int[] hull = hull(xs, ys, count);
    RotatedRect best = null;
    for (int i = 0; i < hull.length; i++) {
      int a = hull[i];
      int b = hull[(i + 1) % hull.length];
      double dx = xs[b] - xs[a];
      double dy = ys[b] - ys[a];
      double length = Math.hypot(dx, dy);
      RotatedRect rect =
          length == 0
              ? aligned(xs, ys, hull, 1, 0)
              : aligned(xs, ys, hull, dx / length, dy / length);
      if (best == null || rect.width * rect.height < best.width * best.height) {
        best = rect;
      }
    }
    return best;
  }

  private static RotatedRect aligned(int[] xs, int[] ys, int[] hull, double ax, double ay) {
    // Turned by quarters until the width runs along the x axis, to the right.
    boolean steep = Math.abs(ay) > Math.abs(ax);
    double ux = steep ? ay : ax;
    double uy = steep ? -ax : ay;
    if (ux < 0) {
      ux = -ux;
      uy = -uy;
    }
    double minU = Double.POSITIVE_INFINITY;
    double maxU = Double.NEGATIVE_INFINITY;
    double minV = Double.POSITIVE_INFINITY;
    double maxV = Double.NEGATIVE_INFINITY;
    for (int p : hull) {
      double u = xs[p] * ux + ys[p] * uy;
      double v = ys[p] * ux - xs[p] * uy;
      minU = Math.min(minU, u);
      maxU = Math.max(maxU, u);
      minV = Math.min(minV, v);
      maxV = Math.max(maxV, v);
    }
    double u = (minU + maxU) / 2;
    double v = (minV + maxV) / 2;
    return new RotatedRect(u * ux - v * uy, u * uy + v * ux, ux, uy, maxU - minU, maxV - minV);
  }

  /** Andrew's monotone chain; indices of the corners. */
  private static int[] hull(int[] xs, int[] ys, int count) {
    int[] chain = new int[2 * count + 1];
    int size = 0;
    for (int pass = 0; pass < 2; pass++) {
      int base = size;
      for (int k = 0; k < count; k++) {
        int i = pass == 0 ? k : count - 1 - k;
        while (size - base >= 2 && cross(xs, ys, chain[size - 2], chain[size - 1], i) <= 0) {
          size--;
        }
        chain[size++] = i;
      }
      size--;
    }
    return Arrays.copyOf(chain, Math.max(1, size));
  }

  private static long cross(int[] xs, int[] ys, int a, int b, int c) {
    return (long) (ys[b] - ys[a]) * (xs[c] - xs[a]) - (long) (xs[b] - xs[a]) * (ys[c] - ys[a]);
  }

  /** This rectangle with the sides moved outward, along its width and across it. */
  RotatedRect grown(double along, double across) {
    return new RotatedRect(cx, cy, ux, uy, width + 2 * along, height + 2 * across);
  }

  /** x0 y0 ... of the corners, clockwise from the upper left. */
  double[] corners() {
    double wx = ux * width / 2;
    double wy = uy * width / 2;
    double hx = -uy * height / 2;
    double hy = ux * height / 2;
    return new double[] {
      cx - wx - hx,
      cy - wy - hy,
      cx + wx - hx,
      cy + wy - hy,
      cx + wx + hx,
      cy + wy + hy,
      cx - wx + hx,
      cy - wy + hy
    };
  }
}
