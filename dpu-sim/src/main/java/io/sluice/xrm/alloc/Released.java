package io.sluice.xrm.alloc;

import java.util.List;

/**
 * What came free because its holder or its device went.
 *
 * @param allocations in the order of their services
 * @param pools ids of reservations that are gone, or that lost units with a device
 */
public record Released(List<Allocation> allocations, List<Long> pools) {
  public Released {
    allocations = List.copyOf(allocations);
    pools = List.copyOf(pools);
  }
}
