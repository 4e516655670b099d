package io.sluice.flink.manage;

import io.sluice.schemas.ManagerRequest;
import io.sluice.schemas.UnitWish;
import io.sluice.target.Fingerprint;
import io.sluice.xrm.alloc.Api;
import io.sluice.xrm.alloc.DeviceConstraint;
import io.sluice.xrm.alloc.ListRequest;
import io.sluice.xrm.alloc.Load;
import io.sluice.xrm.alloc.Policy;
import io.sluice.xrm.alloc.Request;
import io.sluice.xrm.alloc.Selector;
import io.sluice.xrm.alloc.UnitRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a record asks for, in the allocator's terms. Whether it makes sense is checked there. */
final class Wishes {
  private static final int NO_DEVICE = -1;

  private Wishes() {}

  /** Empty if a single unit is asked for by none or several wishes. */
  static Optional<Request> of(ManagerRequest asked) {
    List<UnitRequest> units = asked.getUnits().stream().map(Wishes::of).toList();
    if (asked.getName().equals(FleetBroker.ALLOC_LIST)) {
      return Optional.of(new ListRequest(Api.V2, units, asked.getSameDevice()));
    }
    return units.size() == 1 ? Optional.of(units.get(0)) : Optional.empty();
  }

  private static UnitRequest of(UnitWish wish) {
    Selector selector =
        new Selector(
            wish.getKernelName(),
            "",
            wish.getCuName(),
            wish.getFingerprint() == 0
                ? Optional.empty()
                : Optional.of(new Fingerprint(wish.getFingerprint())),
            OptionalInt.empty(),
            "");
    return new UnitRequest(
        selector,
        new Load(wish.getPercent(), wish.getMillionths()),
        wish.getExclusive(),
        0,
        wish.getDevice() == NO_DEVICE
            ? DeviceConstraint.ANY
            : DeviceConstraint.device(wish.getDevice()),
        Policy.NONE);
  }
}
