package io.sluice.dispatch;

import io.sluice.dpu.timing.RooflineTimeModel;
import io.sluice.target.Fingerprint;
import io.sluice.target.Platform;
import java.util.List;
import java.util.Optional;

/**
 * What units of one platform, on cards with equally many of them and equally slow, have in common:
 * which networks they run, and how long batches take. Times are modelled, and asked for once.
 */
final class Kind {
  /** By what kinds differ. */
  record Key(Platform platform, Fingerprint fingerprint, int unitsOnCard, double slowFactor) {}

  private static final RooflineTimeModel MODEL = new RooflineTimeModel();

  private final Key key;
  private final int[] maximumBatch;
  private final long[] inputBytes;
  private final long[] outputBytes;
  private final long[] weightBytes;
  private final long[][] memoryBytes;

  /** By network, units active on the card, and batch. */
  private final long[][][] times;

  Kind(Key key, List<Network> networks) {
    this.key = key;
    int n = networks.size();
    maximumBatch = new int[n];
    inputBytes = new long[n];
    outputBytes = new long[n];
    weightBytes = new long[n];
    memoryBytes = new long[n][];
    times = new long[n][key.unitsOnCard + 1][];
    for (int i = 0; i < n; i++) {
      Optional<Network.Variant> variant = networks.get(i).variantFor(key.fingerprint);
      if (variant.isPresent()) {
        fill(i, variant.get());
      }
    }
  }

  private void fill(int network, Network.Variant variant) {
    int most = variant.profile().target().batch();
    maximumBatch[network] = most;
    inputBytes[network] = variant.inputBytes();
    outputBytes[network] = variant.outputBytes();
    weightBytes[network] = variant.weightBytes();
    memoryBytes[network] = new long[most + 1];
    for (int batch = 1; batch <= most; batch++) {
      memoryBytes[network][batch] = variant.memoryBytes(batch);
    }
    for (int active = 1; active <= key.unitsOnCard; active++) {
      times[network][active] = new long[most + 1];
      for (int batch = 1; batch <= most; batch++) {
        long alone = MODEL.serviceTimeNs(variant.profile(), key.platform, batch, active);
        times[network][active][batch] = Math.max(1, Math.round(alone * key.slowFactor));
      }
    }
  }

  Key key() {
    return key;
  }

  boolean canRun(int network) {
    return maximumBatch[network] > 0;
  }

  int maximumBatch(int network) {
    return maximumBatch[network];
  }

  long inputBytes(int network) {
    return inputBytes[network];
  }

  long outputBytes(int network) {
    return outputBytes[network];
  }

  long weightBytes(int network) {
    return weightBytes[network];
  }

  long memoryBytes(int network, int batch) {
    return memoryBytes[network][batch];
  }

  long timeNs(int network, int batch, int active) {
    return times[network][active][batch];
  }

  /** The time for requests that wait, in full batches and a rest, all units of the card active. */
  long workNs(int network, int requests) {
    long[] byBatch = times[network][key.unitsOnCard];
    int most = maximumBatch[network];
    return requests / most * byBatch[most] + byBatch[requests % most];
  }

  /** Requests a second of a unit with full batches, all units of the card active. */
  double perSecond(int network) {
    int most = maximumBatch[network];
    return most == 0 ? 0 : most * 1e9 / times[network][key.unitsOnCard][most];
  }
}
