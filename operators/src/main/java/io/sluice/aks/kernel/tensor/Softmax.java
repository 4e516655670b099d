package io.sluice.aks.kernel.tensor;

import io.sluice.aks.kernel.KernelInputs;

/** Exponentials over their sum. */
public final class Softmax {
  private Softmax() {}

  /**
   * The softmax of {@code count} values from {@code offset}, in place. The largest is subtracted
   * first, so that no exponential overflows; sums are double.
   *
   * @throws io.sluice.error.SluiceException SLUICE_STAGE_FAILED for a NaN or an infinity
   */
  public static void inPlace(float[] values, int offset, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = offset; i < offset + count; i++) {
      if (!Float.isFinite(values[i])) {
        throw KernelInputs.unusable("score " + (i - offset) + " is " + values[i]);
      }
      max = Math.max(max, values[i]);
    }
    double sum = 0;
    for (int i = offset; i < offset + count; i++) {
      float e = (float) Math.exp((double) values[i] - max);
      values[i] = e;
      sum += e;
    }
    for (int i = offset; i < offset + count; i++) {
      values[i] = (float) (values[i] / sum);
    }
  }

  /** 1 / (1 + exp(-x)). */
  public static float sigmoid(float x) {
    return (float) (1 / (1 + Math.exp(-x)));
  }
}
