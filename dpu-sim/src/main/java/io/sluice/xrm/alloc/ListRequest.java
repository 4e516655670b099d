package io.sluice.xrm.alloc;

import java.util.List;
import java.util.Objects;

/**
 * Shares of several units, all or none (XRM's CuListProperty).
 *
 * @param api whose limits and constraints hold
 * @param units placed in this order; several may fall on one unit
 * @param sameDevice whether all come from one device; then no unit has a device constraint
 */
public record ListRequest(Api api, List<UnitRequest> units, boolean sameDevice) implements Request {
  public ListRequest {
    Objects.requireNonNull(api, "api");
    units = List.copyOf(units);
  }

  public static ListRequest of(UnitRequest... units) {
    return new ListRequest(Api.V2, List.of(units), false);
  }

  /** The same, all on one device. */
  public ListRequest onOneDevice() {
    return new ListRequest(api, units, true);
  }

  /** The same, drawn from a reservation. */
  public ListRequest fromPool(long id) {
    return new ListRequest(api, units.stream().map(u -> u.fromPool(id)).toList(), sameDevice);
  }
}
