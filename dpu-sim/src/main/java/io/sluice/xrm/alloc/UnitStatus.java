package io.sluice.xrm.alloc;

import java.util.List;

/**
 * A unit as {@code xrmadm list} and xrmCuCheckStatus show it. Loads in millionths.
 *
 * @param device id of its device
 * @param unit its index there
 * @param spec what it is
 * @param usedLoad by channels that draw from no reservation
 * @param reservedLoad set aside, drawn or not
 * @param reservedUsedLoad by channels that draw from reservations
 * @param services of its channels, in the order of the channels
 */
public record UnitStatus(
    int device,
    int unit,
    UnitSpec spec,
    int usedLoad,
    int reservedLoad,
    int reservedUsedLoad,
    List<Long> services) {
  public UnitStatus {
    services = List.copyOf(services);
  }

  static UnitStatus of(Unit unit) {
    return new UnitStatus(
        unit.device.id,
        unit.index,
        unit.spec,
        unit.ownUsed,
        unit.reserved,
        unit.reservedUsed,
        List.copyOf(unit.channels.values()));
  }

  /** Whether load of it is used. */
  public boolean isBusy() {
    return usedLoad + reservedUsedLoad > 0;
  }

  public int channelsInUse() {
    return services.size();
  }

  /** Neither used nor reserved. */
  public int freeLoad() {
    return Load.WHOLE - usedLoad - reservedLoad;
  }
}
