package io.sluice.quantize;

/**
 * Rounds the weights of one output one after the other, and lets those that are not rounded yet
 * make up for the error of those that are: the closed form of optimal brain quantization in the
 * order of GPTQ (Frantar et al., 2023). With H = E[u u^T] of the inputs the error of an output is
 * d^T H d for a change d of its weights; after weight i became q the best answer of the later ones
 * is w_j -= (w_i - q) U_ij / U_ii, where H^-1 = U^T U with U upper triangular.
 */
final class ErrorCompensation {
  /** What is added to the diagonal of H, in units of its mean. */
  private static final double DAMPING = 1e-3;

  private static final double TINY = 1e-12;

  private final double[][] moments;
  private final double[][] factor;

  /**
   * @param moments H, symmetric and positive semidefinite
   */
  ErrorCompensation(double[][] moments) {
    this.moments = moments;
    this.factor = factor(moments);
  }

  /**
   * @param weights not changed
   * @param steps the distance between the values that each weight may take
   * @return weights on their grids, within -128 to 127 steps
   */
  double[] round(double[] weights, double[] steps) {
    double[] open = weights.clone();
    double[] rounded = new double[open.length];
    for (int i = 0; i < open.length; i++) {
      double q = Math.max(-128, Math.min(127, Math.rint(open[i] / steps[i])));
      rounded[i] = q * steps[i];
      double error = (open[i] - rounded[i]) / factor[i][i];
      double[] row = factor[i];
      for (int j = i + 1; j < open.length; j++) {
        open[j] -= error * row[j];
      }
    }
    return rounded;
  }

  /** The mean squared error that a change of the weights makes at the output. */
  double error(double[] a, double[] b) {
    double sum = 0;
    double[] d = new double[a.length];
    for (int i = 0; i < d.length; i++) {
      d[i] = a[i] - b[i];
    }
    for (int i = 0; i < d.length; i++) {
      double product = 0;
      for (int j = 0; j < d.length; j++) {
        product += moments[i][j] * d[j];
      }
      sum += product * d[i];
    }
    return sum;
  }

  /**
   * U from the Cholesky factorization of H with rows and columns in reverse: H = V V^T, U = 1/V.
   */
  private static double[][] factor(double[][] h) {
    int n = h.length;
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += h[i][i];
    }
    double damping = DAMPING * trace / n + TINY;
    double[][] lower = new double[n][n];
    for (int i = 0; i < n; i++) {
      double[] li = lower[i];
      for (int j = 0; j <= i; j++) {
        double[] lj = lower[j];
        double s = h[n - 1 - i][n - 1 - j] + (i == j ? damping : 0);
        for (int k = 0; k < j; k++) {
          s -= li[k] * lj[k];
        }
        li[j] = i == j ? Math.sqrt(Math.max(s, damping * DAMPING)) : s / lj[j];
      }
    }
    return reversed(inverse(lower));
  }

  private static double[][] inverse(double[][] lower) {
    int n = lower.length;
    double[][] inverse = new double[n][n];
    for (int i = 0; i < n; i++) {
      double[] row = inverse[i];
      for (int k = 0; k < i; k++) {
        double f = lower[i][k];
        double[] above = inverse[k];
        for (int j = 0; j <= k; j++) {
          row[j] -= f * above[j];
        }
      }
      for (int j = 0; j < i; j++) {
        row[j] /= lower[i][i];
      }
      row[i] = 1 / lower[i][i];
    }
    return inverse;
  }

  private static double[][] reversed(double[][] a) {
    int n = a.length;
    double[][] r = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        r[i][j] = a[n - 1 - i][n - 1 - j];
      }
    }
    return r;
  }
}
