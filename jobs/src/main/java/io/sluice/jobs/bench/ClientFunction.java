package io.sluice.jobs.bench;

import io.sluice.dispatch.Arrival;
import java.util.Arrays;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * The first requests of clients: as many for each unit, those of a dispatcher one after the other
 * within a time, so that they do not come all at once. A client asks for one network.
 */
final class ClientFunction implements MapFunction<Long, Arrival> {
  private static final long serialVersionUID = 1L;

  private final long[] firstClient;
  private final int networks;
  private final long spreadNs;

  /**
   * @param units of the dispatchers
   */
  ClientFunction(int[] units, int perUnit, int networks, long spreadNs) {
    this.networks = networks;
    this.spreadNs = spreadNs;
    firstClient = new long[units.length + 1];
    for (int d = 0; d < units.length; d++) {
      firstClient[d + 1] = firstClient[d] + (long) units[d] * perUnit;
    }
  }

  long clients() {
    return firstClient[firstClient.length - 1];
  }

  @Override
  public Arrival map(Long client) {
    int at = Arrays.binarySearch(firstClient, client);
    int dispatcher = at >= 0 ? at : -at - 2;
    long index = client - firstClient[dispatcher];
    long size = firstClient[dispatcher + 1] - firstClient[dispatcher];
    return new Arrival(client, dispatcher, (int) (index % networks), spreadNs * index / size);
  }
}
