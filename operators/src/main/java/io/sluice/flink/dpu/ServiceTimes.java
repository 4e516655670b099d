package io.sluice.flink.dpu;

import io.sluice.dpu.timing.RooflineTimeModel;
import io.sluice.dpu.timing.ServiceTimeModel;
import io.sluice.target.Platform;
import io.sluice.target.Platforms;
import io.sluice.xrm.Lease;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * How long a batch keeps a leased unit busy. All units of a card are taken to be active, so they
 * share its memory; a unit that several slots share gives each its part of the time.
 */
final class ServiceTimes {
  private final ServiceTimeModel model = new RooflineTimeModel();
  private final Platforms platforms = Platforms.builtIn();

  /** By model, then by platform and batch: a profile is long and does not change. */
  private final Map<DpuModel, Map<String, Long>> known = new IdentityHashMap<>();

  /** Modelled nanoseconds, 1 or more. */
  long ns(DpuModel what, Lease lease, int batch) {
    long alone =
        known
            .computeIfAbsent(what, m -> new HashMap<>())
            .computeIfAbsent(lease.platform() + ' ' + batch, k -> alone(what, lease, batch));
    double shared =
        alone * lease.slowFactor() * ((double) Lease.WHOLE_UNIT / lease.shareMillionths());
    return Math.max(1, Math.round(shared));
  }

  private long alone(DpuModel what, Lease lease, int batch) {
    Platform platform = platforms.byName(lease.platform());
    return model.serviceTimeNs(what.profile(), platform, batch, platform.units());
  }
}
