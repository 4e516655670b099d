package io.sluice.jobs.bench;

import io.sluice.dispatch.Arrival;
import java.util.SplittableRandom;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/**
 * Makes the requests of an open load, one for each number that comes, in order: which network it is
 * for with equal chances, and which dispatcher it comes to with chances as what they can do. For
 * parallelism 1; it is not restored, a run is made again from its beginning.
 */
final class ArrivalFunction extends RichMapFunction<Long, Arrival> {
  private static final long serialVersionUID = 1L;

  private final ArrivalProcess process;
  private final double[] chances;
  private final int networks;
  private final long seed;
  private transient ArrivalProcess.Times times;
  private transient SplittableRandom random;

  /**
   * @param weights of the dispatchers
   */
  ArrivalFunction(ArrivalProcess process, double[] weights, int networks, long seed) {
    this.process = process;
    this.networks = networks;
    this.seed = seed;
    this.chances = new double[weights.length];
    double sum = 0;
    for (int d = 0; d < weights.length; d++) {
      sum += weights[d];
      chances[d] = sum;
    }
  }

  @Override
  public void open(OpenContext context) {
    random = new SplittableRandom(seed);
    times = process.times(random.split());
  }

  @Override
  public Arrival map(Long number) {
    int dispatcher = chances.length == 1 ? 0 : dispatcher(random.nextDouble());
    int network = networks == 1 ? 0 : random.nextInt(networks);
    return new Arrival(number, dispatcher, network, times.nextNs());
  }

  private int dispatcher(double chance) {
    double wanted = chance * chances[chances.length - 1];
    int low = 0;
    int high = chances.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (chances[middle] > wanted) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
