package io.sluice.jobs;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** When requests are made. */
public final class Arrivals {
  private static final double MAX_RATE = 1e6;

  private Arrivals() {}

  /**
   * Independent requests at a mean rate: the times between two are exponential.
   *
   * @param perSecond more than 0, at most 1,000,000
   * @param seed equal seeds give equal times
   * @return milliseconds from 1 on, in order, rounded up
   * @throws SluiceException SLUICE_USAGE for a rate out of range
   */
  public static List<Long> poisson(int count, double perSecond, long seed) {
    if (!(perSecond > 0 && perSecond <= MAX_RATE)) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          "a rate of " + perSecond + " requests a second",
          "arrivals",
          "use more than 0 and at most " + MAX_RATE);
    }
    SplittableRandom random = new SplittableRandom(seed);
    List<Long> millis = new ArrayList<>(count);
    double now = 0;
    for (int i = 0; i < count; i++) {
      now += -StrictMath.log1p(-random.nextDouble()) / perSecond * 1e3;
      millis.add(Math.max(1, (long) Math.ceil(now)));
    }
    return millis;
  }
}
