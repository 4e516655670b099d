package io.sluice.dpu.exact;

/**
 * The factor N / 2^M by which the DPU divides the sum of an average pool.
 *
 * @param multiplier N, at most 255
 * @param shift M
 */
public record AverageFactor(int multiplier, int shift) {

  /**
   * The factor for a kernel. Fixed ones: 3x3 7/2^6, 5x5 10/2^8, 6x6 7/2^8, 7x7 21/2^10, 14x14
   * 21/2^12; 3x6 and 6x3 14/2^8, which errs by as much as 6x6 does. Any other of area A: over m = 0
   * .. ceil(log2(128 A)) - 1 the n / 2^m with n = round(2^m / A) that is nearest to 1/A, the first
   * among equals (the rule of the quantizers).
   */
  public static AverageFactor of(int kernelWidth, int kernelHeight) {
    int w = Math.min(kernelWidth, kernelHeight);
    int h = Math.max(kernelWidth, kernelHeight);
    if (w == 3 && h == 6) {
      return new AverageFactor(14, 8);
    }
    if (w == h) {
      switch (w) {
        case 3:
          return new AverageFactor(7, 6);
        case 5:
          return new AverageFactor(10, 8);
        case 6:
          return new AverageFactor(7, 8);
        case 7:
          return new AverageFactor(21, 10);
        case 14:
          return new AverageFactor(21, 12);
        default:
          break;
      }
    }
    return nearest((long) w * h);
  }

  private static AverageFactor nearest(long area) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(128 * area - 1);
    long bestN = 0;
    int bestM = 0;
    for (int m = 0; m < bits; m++) {
      long n = ((2L << m) + area) / (2 * area);
      // |n/2^m - 1/A| = |nA - 2^m| / (2^m A): compare the numerators on one denominator
      long error = Math.abs(n * area - (1L << m)) << bestM;
      long best = Math.abs(bestN * area - (1L << bestM)) << m;
      if (m == 0 || error < best) {
        bestN = n;
        bestM = m;
      }
    }
    return new AverageFactor((int) bestN, bestM);
  }
}
