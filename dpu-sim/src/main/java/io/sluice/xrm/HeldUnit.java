package io.sluice.xrm;

import io.sluice.fleet.Card;
import io.sluice.fleet.CardState;
import io.sluice.fleet.ComputeUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * A unit and the slots that hold it. The order is that in which units are taken: the fewest tenants
 * first, then the fewest on its card, then as in the fleet file. Changed by {@link UnitTable} only.
 */
final class HeldUnit implements Comparable<HeldUnit> {
  private static final Comparator<HeldUnit> ORDER =
      Comparator.<HeldUnit>comparingInt(held -> held.tenants.size())
          .thenComparingInt(held -> held.card.tenants)
          .thenComparingInt(held -> held.place);

  /** A card, how it is, and how many slots hold units of it. Changed by {@link UnitTable} only. */
  static final class HeldCard {
    final Card card;
    final List<HeldUnit> units = new ArrayList<>();
    CardState state = CardState.ABSENT;
    int tenants;

    HeldCard(Card card) {
      this.card = card;
    }
  }

  final ComputeUnit unit;
  final HeldCard card;
  final NavigableSet<SlotId> tenants = new TreeSet<>();
  private final int place;

  /**
   * @param place its number in the fleet
   */
  HeldUnit(ComputeUnit unit, HeldCard card, int place) {
    this.unit = unit;
    this.card = card;
    this.place = place;
  }

  /** What each of its tenants holds. */
  Lease lease() {
    return new Lease(
        unit.id(),
        card.card.id(),
        card.card.platform().name(),
        Lease.WHOLE_UNIT / tenants.size(),
        card.state.slowFactor());
  }

  @Override
  public int compareTo(HeldUnit other) {
    return ORDER.compare(this, other);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return place;
  }
}
