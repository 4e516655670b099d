package io.sluice.jobs.bench;

import io.sluice.dispatch.Arrival;
import java.util.Arrays;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * The first requests of clients: as many for each image that units take at once, those of a
 * dispatcher one after the other within a time, so that they do not come all at once. A client asks
 * for one network.
 */
final class ClientFunction implements MapFunction<Long, Arrival> {
  private static final long serialVersionUID = 1L;

  private final long[] firstClient;
  private final int networks;
  private final long spreadNs;

  /**
   * @param images that the units of each dispatcher take at once
   */
  ClientFunction(int[] images, int perImage, int networks, long spreadNs) {
    this.networks = networks;
    this.spreadNs = spreadNs;
    firstClient = new long[images.length + 1];
    for (int d = 0; d < images.length; d++) {
      firstClient[d + 1] = firstClient[d] + (long) images[d] * perImage;
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
