package io.sluice.xrm.alloc;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A device as {@code xrmadm list} shows it.
 *
 * @param device its id
 * @param spec what it is
 * @param condition whether it takes new work
 * @param image what is loaded
 * @param exclusiveClient who has it alone; 0 for nobody
 * @param clients who uses it or has reserved of it, in the order of their ids
 * @param ratePerMille used load over that of all its units, in 1/1000, rounded down
 * @param units in their order; none when nothing is loaded
 */
public record DeviceStatus(
    int device,
    DeviceSpec spec,
    DeviceCondition condition,
    Optional<Image> image,
    long exclusiveClient,
    List<Long> clients,
    int ratePerMille,
    List<UnitStatus> units) {
  public DeviceStatus {
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(condition, "condition");
    Objects.requireNonNull(image, "image");
    clients = List.copyOf(clients);
    units = List.copyOf(units);
  }

  static DeviceStatus of(Device device) {
    return new DeviceStatus(
        device.id,
        device.spec,
        device.condition,
        device.image,
        device.exclusiveClient,
        List.copyOf(device.clients.keySet()),
        device.ratePerMille(),
        device.units.stream().map(UnitStatus::of).toList());
  }
}
