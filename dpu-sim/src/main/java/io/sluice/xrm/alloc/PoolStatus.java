package io.sluice.xrm.alloc;

import java.util.List;

/**
 * A reservation.
 *
 * @param id its number, from 1
 * @param client who made it
 * @param holdings what it has of each unit, in the order of units
 */
public record PoolStatus(long id, long client, List<Holding> holdings) {
  /**
   * What a reservation has of a unit, in millionths.
   *
   * @param device id of the device
   * @param unit index of the unit on it
   * @param spec what the unit is
   * @param imageUuid what it comes from
   * @param reserved in all
   * @param used drawn by channels
   */
  public record Holding(
      int device, int unit, UnitSpec spec, String imageUuid, int reserved, int used) {}

  public PoolStatus {
    holdings = List.copyOf(holdings);
  }

  static PoolStatus of(Pool pool) {
    return new PoolStatus(
        pool.id,
        pool.owner,
        pool.units.values().stream()
            .map(
                unit -> {
                  Unit.Holding holding = unit.holdings.get(pool.id);
                  return new Holding(
                      unit.device.id,
                      unit.index,
                      unit.spec,
                      unit.device.image.orElseThrow().uuid(),
                      holding.reserved,
                      holding.used);
                })
            .toList());
  }

  /** The part of it on units that a selector matches. */
  public PoolStatus only(Selector selector) {
    return new PoolStatus(
        id,
        client,
        holdings.stream().filter(h -> selector.matches(h.spec(), h.imageUuid())).toList());
  }

  /** The devices that it has units of. */
  public List<Integer> devices() {
    return holdings.stream().map(Holding::device).distinct().toList();
  }
}
