package io.sluice.xrm.alloc;

import java.util.Objects;

/**
 * A share of one unit (XRM's CuProperty).
 *
 * @param selector which units will do
 * @param load how much of it
 * @param exclusive whether nobody else may use its device meanwhile
 * @param poolId the reservation to draw from; 0 for what is not reserved
 * @param device where it must be
 * @param policy which of the units is taken
 */
public record UnitRequest(
    Selector selector,
    Load load,
    boolean exclusive,
    long poolId,
    DeviceConstraint device,
    Policy policy)
    implements Request {
  public UnitRequest {
    Objects.requireNonNull(selector, "selector");
    Objects.requireNonNull(load, "load");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(policy, "policy");
  }

  /** Shared, not from a reservation, anywhere, first fit. */
  public static UnitRequest of(Selector selector, Load load) {
    return new UnitRequest(selector, load, false, 0, DeviceConstraint.ANY, Policy.NONE);
  }

  /** The same, alone on its device. */
  public UnitRequest exclusively() {
    return new UnitRequest(selector, load, true, poolId, device, policy);
  }

  /** The same, drawn from a reservation. */
  public UnitRequest fromPool(long id) {
    return new UnitRequest(selector, load, exclusive, id, device, policy);
  }

  /** The same, with a constraint on the device. */
  public UnitRequest on(DeviceConstraint constraint) {
    return new UnitRequest(selector, load, exclusive, poolId, constraint, policy);
  }

  /** The same, chosen otherwise. */
  public UnitRequest by(Policy other) {
    return new UnitRequest(selector, load, exclusive, poolId, device, other);
  }

  /** In millionths, after a check. */
  int millionths() {
    return load.unified().orElseThrow();
  }

  boolean isV1() {
    return device.kind() == DeviceConstraint.Kind.ANY
        && policy == Policy.NONE
        && selector.bank().isEmpty();
  }
}
