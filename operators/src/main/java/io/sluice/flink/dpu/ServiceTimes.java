package io.sluice.flink.dpu;

import io.sluice.dpu.timing.RooflineTimeModel;
import io.sluice.dpu.timing.ServiceTimeModel;
import io.sluice.target.Platform;
import io.sluice.target.Platforms;
import io.sluice.xrm.Lease;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * How long a batch keeps a leased unit busy. All units of a card are taken to be active, so they
 * share its memory; a unit that several slots share gives each its part of the time.
 */
final class ServiceTimes {
  private static final long[] NONE = {};

  private final ServiceTimeModel model = new RooflineTimeModel();
  private final Platforms platforms = Platforms.builtIn();

  /** By model, platform and batch, 0 where not asked yet: a profile is long and does not change. */
  private final Map<DpuModel, Map<String, long[]>> known = new IdentityHashMap<>();

  /** Modelled nanoseconds, 1 or more. */
  long ns(DpuModel what, Lease lease, int batch) {
    long alone = alone(what, lease.platform(), batch);
    double shared =
        alone * lease.slowFactor() * ((double) Lease.WHOLE_UNIT / lease.shareMillionths());
    return Math.max(1, Math.round(shared));
  }

  private long alone(DpuModel what, String name, int batch) {
    Map<String, long[]> byPlatform = known.computeIfAbsent(what, m -> new HashMap<>());
    long[] byBatch = byPlatform.getOrDefault(name, NONE);
    if (byBatch.length <= batch) {
      byBatch = Arrays.copyOf(byBatch, batch + 1);
      byPlatform.put(name, byBatch);
    }
    if (byBatch[batch] == 0) {
      Platform platform = platforms.byName(name);
      byBatch[batch] = model.serviceTimeNs(what.profile(), platform, batch, platform.units());
    }
    return byBatch[batch];
  }
}
