package io.sluice.aks.kernel.image;

/**
 * Dense optical flow after Lucas and Kanade (1981) without a pyramid: of each pixel the one motion
 * that explains best, in least squares, how the pixels of a window around it changed. It is good
 * for motions of about a pixel. Where the window has no structure in two directions the flow is 0.
 *
 * <p>The sums over windows are of integers, slid from pixel to pixel: the time does not depend on
 * the window, and the result is the same on every machine.
 */
final class OpticalFlow {
  private final int width;
  private final int height;
  private final int radius;

  /**
   * @param window side of the window in pixels, odd; what lies outside of the image is not counted
   */
  OpticalFlow(int width, int height, int window) {
    this.width = width;
    this.height = height;
    this.radius = window / 2;
  }

  /**
   * @param current brightness, 0 to 255, row by row
   * @param previous as long
   * @return the motion from the previous image to the current one in pixels: along x, along y
   */
  float[][] between(int[] current, int[] previous) {
    float[] flowX = new float[width * height];
    float[] flowY = new float[width * height];
    // Sums over the rows of the window, for each column: xx, xy, yy, xt, yt.
    long[][] columns = new long[5][width];
    for (int y = 0; y < Math.min(radius, height); y++) {
      addRow(columns, current, previous, y, 1);
    }
    for (int y = 0; y < height; y++) {
      if (y + radius < height) {
        addRow(columns, current, previous, y + radius, 1);
      }
      if (y - radius > 0) {
        addRow(columns, current, previous, y - radius - 1, -1);
      }
      solveRow(columns, y * width, flowX, flowY);
    }
    return new float[][] {flowX, flowY};
  }

  private void addRow(long[][] columns, int[] current, int[] previous, int y, int sign) {
    int above = Math.max(0, y - 1) * width;
    int below = Math.min(height - 1, y + 1) * width;
    int row = y * width;
    for (int x = 0; x < width; x++) {
      // Twice the slopes.
      long dx =
          (long) previous[row + Math.min(width - 1, x + 1)] - previous[row + Math.max(0, x - 1)];
      long dy = (long) previous[below + x] - previous[above + x];
      long dt = (long) sign * (current[row + x] - previous[row + x]);
      columns[0][x] += sign * dx * dx;
      columns[1][x] += sign * dx * dy;
      columns[2][x] += sign * dy * dy;
      columns[3][x] += dx * dt;
      columns[4][x] += dy * dt;
    }
  }

  private void solveRow(long[][] columns, int to, float[] flowX, float[] flowY) {
    long[] sum = new long[5];
    for (int x = 0; x < Math.min(radius, width); x++) {
      addColumn(sum, columns, x, 1);
    }
    for (int x = 0; x < width; x++) {
      if (x + radius < width) {
        addColumn(sum, columns, x + radius, 1);
      }
      if (x - radius > 0) {
        addColumn(sum, columns, x - radius - 1, -1);
      }
      long determinant = sum[0] * sum[2] - sum[1] * sum[1];
      if (determinant != 0) {
        // Slopes were doubled, so the motion is too small by two.
        flowX[to + x] = (float) (2.0 * (sum[1] * sum[4] - sum[2] * sum[3]) / determinant);
        flowY[to + x] = (float) (2.0 * (sum[1] * sum[3] - sum[0] * sum[4]) / determinant);
      }
    }
  }

  private static void addColumn(long[] sum, long[][] columns, int x, int sign) {
    for (int i = 0; i < 5; i++) {
      sum[i] += sign * columns[i][x];
    }
  }
}
