package io.sluice.xrm;

import io.sluice.fleet.Card;
import io.sluice.fleet.CardState;
import io.sluice.fleet.ComputeUnit;
import io.sluice.fleet.Fleet;
import io.sluice.target.Fingerprint;
import io.sluice.xrm.HeldUnit.HeldCard;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The units of a fleet and who holds them. Those of living cards lie, per fingerprint, in the order
 * in which they are taken; a change takes the units of one card out of that order and puts them
 * back, so its cost grows with the logarithm of the fleet.
 */
final class UnitTable {
  private final Map<String, HeldCard> cards = new LinkedHashMap<>();
  private final Map<String, HeldUnit> units = new HashMap<>();
  private final Map<Fingerprint, NavigableSet<HeldUnit>> living = new HashMap<>();

  /** The fleet as it is at the start, held by nobody. */
  UnitTable(Fleet fleet) {
    for (Card card : fleet.cards()) {
      HeldCard heldCard = new HeldCard(card);
      cards.put(card.id(), heldCard);
      for (ComputeUnit unit : card.units()) {
        HeldUnit heldUnit = new HeldUnit(unit, heldCard, units.size());
        units.put(unit.id(), heldUnit);
        heldCard.units.add(heldUnit);
        living.putIfAbsent(unit.fingerprint(), new TreeSet<>());
      }
    }
    fleet.cardsAtStart().forEach(card -> setState(cards.get(card.id()), CardState.ALIVE));
  }

  /** All cards, in the order of the fleet. */
  Collection<HeldCard> cards() {
    return Collections.unmodifiableCollection(cards.values());
  }

  Optional<HeldCard> card(String id) {
    return Optional.ofNullable(cards.get(id));
  }

  Optional<HeldUnit> unit(String id) {
    return Optional.ofNullable(units.get(id));
  }

  /** Whether the fleet has such units at any time. */
  boolean has(Fingerprint fingerprint) {
    return living.containsKey(fingerprint);
  }

  /** The units of living cards that are of a fingerprint, the next to be taken first. */
  NavigableSet<HeldUnit> living(Fingerprint fingerprint) {
    return Collections.unmodifiableNavigableSet(living.get(fingerprint));
  }

  void setState(HeldCard card, CardState state) {
    change(card, () -> card.state = state);
  }

  void join(HeldUnit unit, SlotId slot) {
    change(
        unit.card,
        () -> {
          unit.tenants.add(slot);
          unit.card.tenants++;
        });
  }

  void leave(HeldUnit unit, SlotId slot) {
    change(
        unit.card,
        () -> {
          unit.tenants.remove(slot);
          unit.card.tenants--;
        });
  }

  private void change(HeldCard card, Runnable change) {
    if (card.state.isAlive()) {
      card.units.forEach(unit -> living.get(unit.unit.fingerprint()).remove(unit));
    }
    change.run();
    if (card.state.isAlive()) {
      card.units.forEach(unit -> living.get(unit.unit.fingerprint()).add(unit));
    }
  }
}
