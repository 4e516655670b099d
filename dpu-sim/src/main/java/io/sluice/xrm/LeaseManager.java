package io.sluice.xrm;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.fleet.FaultEvent;
import io.sluice.fleet.Fleet;
import io.sluice.target.Fingerprint;
import io.sluice.xrm.HeldUnit.HeldCard;
import io.sluice.xrm.ManagerState.CardEntry;
import io.sluice.xrm.ManagerState.SlotEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Grants the compute units of a fleet to slots.
 *
 * <ul>
 *   <li>A slot gets, of the units that its model was compiled for and whose card is alive, the one
 *       with the fewest tenants; of several the one on the card with the fewest tenants; of several
 *       the first of the fleet. A unit with n tenants is shared: each has 1,000,000 / n of it,
 *       rounded down.
 *   <li>When a card goes offline or is drained, each of its slots is placed again. When no unit is
 *       left, a slot waits. On a card that is drained the work that runs is not lost.
 *   <li>When a card joins or is back, the slots that wait are placed, then slots move from the
 *       fullest unit to the emptiest, the last slot first, until the two are less than 2 tenants
 *       apart. So any two units that can run the same models are never 2 or more apart.
 *   <li>At the end every slot gives back what it holds.
 * </ul>
 *
 * <p>Slots are served in their order. Each call returns what changed: one update for each slot
 * concerned, in the order of the slots. Slots move only when cards come and go; what is lost by
 * sharing among slots that have little to do is not seen here. One demand costs the logarithm of
 * the fleet, a card that comes the number of slots.
 *
 * <p>Deterministic, not thread safe. What is refused leaves the state as it was.
 */
public final class LeaseManager {
  /** No manager serves more slots, so that no share of a unit is rounded down to nothing. */
  public static final int MAX_SLOTS = 100_000;

  private static final long FIRST_EPOCH = 1;

  private final Fleet fleet;
  private final UnitTable table;
  private final SortedMap<SlotId, Demand> demands = new TreeMap<>();
  private final Map<SlotId, HeldUnit> held = new HashMap<>();
  private long epoch = FIRST_EPOCH;
  private long nextSequence;
  private long nowNs;

  /** What an event has touched so far. */
  private static final class Touched {
    /** Units whose tenants all get an update. */
    final Set<HeldUnit> units = new LinkedHashSet<>();

    /** Slots that get one, wherever they are. */
    final NavigableSet<SlotId> slots = new TreeSet<>();

    /** Those of them whose running work is lost. */
    final Set<SlotId> workLost = new TreeSet<>();
  }

  /** A manager at the start of a fleet, with no demands. */
  public LeaseManager(Fleet fleet) {
    this.fleet = fleet;
    this.table = new UnitTable(fleet);
  }

  /**
   * A manager that goes on where another one was.
   *
   * @param fleet the cards that the other one had
   * @throws SluiceException SLUICE_FLEET_INVALID if the state is of other cards or units
   */
  public static LeaseManager restore(Fleet fleet, ManagerState state) {
    LeaseManager manager = new LeaseManager(fleet);
    List<String> then = state.cards().stream().map(CardEntry::card).toList();
    List<String> now = fleet.cards().stream().map(card -> card.id()).toList();
    if (!then.equals(now)) {
      throw manager.otherFleet("other cards, " + then.size() + " where it has " + now.size());
    }
    for (CardEntry entry : state.cards()) {
      manager.table.setState(manager.table.card(entry.card()).orElseThrow(), entry.state());
    }
    for (SlotEntry entry : state.slots()) {
      Demand demand = entry.demand();
      manager.demands.put(demand.slot(), demand);
      if (entry.unit().isPresent()) {
        String id = entry.unit().get();
        HeldUnit unit =
            manager
                .table
                .unit(id)
                .filter(u -> u.card.state.isAlive())
                .filter(u -> u.unit.fingerprint().equals(demand.fingerprint()))
                .orElseThrow(() -> manager.otherFleet("unit '" + id + "' for " + demand));
        manager.place(demand.slot(), unit, new Touched());
      }
    }
    manager.epoch = state.epoch();
    manager.nextSequence = state.nextSequence();
    manager.nowNs = state.atNs();
    return manager;
  }

  /** What this manager remembers. */
  public ManagerState state() {
    List<CardEntry> cards = new ArrayList<>();
    table.cards().forEach(card -> cards.add(new CardEntry(card.card.id(), card.state)));
    List<SlotEntry> slots = new ArrayList<>();
    for (Demand demand : demands.values()) {
      Optional<HeldUnit> unit = Optional.ofNullable(held.get(demand.slot()));
      slots.add(new SlotEntry(demand, unit.map(u -> u.unit.id())));
    }
    return new ManagerState(epoch, nextSequence, nowNs, cards, slots);
  }

  /** How many slots hold a unit. */
  public int held() {
    return held.size();
  }

  /** How many slots hold no unit. */
  public int waiting() {
    return demands.size() - held.size();
  }

  /**
   * A slot joins.
   *
   * @param atNs not before the last event
   * @throws SluiceException VART_DEVICE_MISMATCH if the fleet has no unit for it at any time,
   *     SLUICE_DEMAND_INVALID if the slot has asked before, SLUICE_LIMIT if there are {@value
   *     #MAX_SLOTS} slots
   */
  public List<LeaseUpdate> demand(long atNs, Demand demand) {
    SlotId slot = demand.slot();
    if (!table.has(demand.fingerprint())) {
      fleet.unitsFor(demand.fingerprint(), slot.node());
    }
    if (demands.containsKey(slot)) {
      throw new SluiceException(
          ErrorCode.SLUICE_DEMAND_INVALID,
          "a second demand of slot " + slot,
          "fleet '" + fleet.name() + "'",
          "let each slot ask once");
    }
    if (demands.size() == MAX_SLOTS) {
      throw new SluiceException(
          ErrorCode.SLUICE_LIMIT,
          "slot " + slot + " after " + MAX_SLOTS + " others",
          "fleet '" + fleet.name() + "'",
          "use fewer slots");
    }
    proceedTo(atNs);
    demands.put(slot, demand);
    Touched touched = new Touched();
    placeOnEmptiest(demand, touched);
    return updates(touched, "slot " + slot + " joined");
  }

  /**
   * Something happens to a card.
   *
   * @param event not before the last event
   * @throws SluiceException SLUICE_FLEET_INVALID if it cannot happen to the card as it is
   */
  public List<LeaseUpdate> fault(FaultEvent event) {
    HeldCard card =
        table
            .card(event.card())
            .filter(c -> c.state.allows(event.kind()))
            .orElseThrow(() -> impossible(event));
    proceedTo(event.atNs());
    Touched touched = new Touched();
    if (!card.state.after(event).isAlive()) {
      NavigableSet<SlotId> displaced = new TreeSet<>();
      card.units.forEach(unit -> displaced.addAll(unit.tenants));
      displaced.forEach(slot -> table.leave(held.remove(slot), slot));
      if (event.kind() == FaultEvent.Kind.OFFLINE) {
        touched.workLost.addAll(displaced);
      }
      table.setState(card, card.state.after(event));
      displaced.forEach(slot -> placeOnEmptiest(demands.get(slot), touched));
    } else {
      boolean joins = !card.state.isAlive();
      table.setState(card, card.state.after(event));
      if (joins) {
        card.units.stream()
            .map(unit -> unit.unit.fingerprint())
            .distinct()
            .forEach(fingerprint -> fill(fingerprint, touched));
      } else {
        touched.units.addAll(card.units);
        if (event.kind() == FaultEvent.Kind.RESET) {
          card.units.forEach(unit -> touched.workLost.addAll(unit.tenants));
        }
      }
    }
    return updates(touched, reason(event));
  }

  /**
   * Says again, in a new epoch, what each slot holds, also of those that hold nothing.
   *
   * @param newEpoch greater than the epoch before
   * @param atNs not before the last event
   */
  public List<LeaseUpdate> regrant(long newEpoch, long atNs) {
    if (newEpoch <= epoch) {
      throw new IllegalArgumentException("epoch " + newEpoch + " after " + epoch);
    }
    proceedTo(atNs);
    epoch = newEpoch;
    nextSequence = 0;
    Touched all = new Touched();
    all.slots.addAll(demands.keySet());
    return updates(all, "granted again in epoch " + newEpoch);
  }

  /**
   * Takes back what each slot holds and forgets all demands: after the last event, for {@link
   * LeaseUpdate#AT_END}.
   */
  public List<LeaseUpdate> releaseAll() {
    proceedTo(LeaseUpdate.AT_END);
    held.forEach((slot, unit) -> table.leave(unit, slot));
    held.clear();
    List<LeaseUpdate> updates = new ArrayList<>();
    for (SlotId slot : demands.keySet()) {
      updates.add(
          new LeaseUpdate(
              slot, epoch, nextSequence++, nowNs, Optional.empty(), false, "the job has ended"));
    }
    demands.clear();
    return updates;
  }

  private void proceedTo(long atNs) {
    if (atNs < nowNs) {
      throw new IllegalArgumentException("event at " + atNs + " ns after one at " + nowNs + " ns");
    }
    nowNs = atNs;
  }

  private void fill(Fingerprint fingerprint, Touched touched) {
    for (Demand demand : demands.values()) {
      if (demand.fingerprint().equals(fingerprint) && !held.containsKey(demand.slot())) {
        placeOnEmptiest(demand, touched);
      }
    }
    NavigableSet<HeldUnit> units = table.living(fingerprint);
    while (units.last().tenants.size() - units.first().tenants.size() >= 2) {
      HeldUnit from = units.last();
      HeldUnit to = units.first();
      SlotId slot = from.tenants.last();
      table.leave(from, slot);
      touched.units.add(from);
      place(slot, to, touched);
    }
  }

  private void placeOnEmptiest(Demand demand, Touched touched) {
    NavigableSet<HeldUnit> units = table.living(demand.fingerprint());
    if (units.isEmpty()) {
      touched.slots.add(demand.slot());
    } else {
      place(demand.slot(), units.first(), touched);
    }
  }

  private void place(SlotId slot, HeldUnit unit, Touched touched) {
    table.join(unit, slot);
    held.put(slot, unit);
    touched.units.add(unit);
  }

  private List<LeaseUpdate> updates(Touched touched, String reason) {
    touched.units.forEach(unit -> touched.slots.addAll(unit.tenants));
    List<LeaseUpdate> updates = new ArrayList<>();
    for (SlotId slot : touched.slots) {
      Optional<Lease> lease = Optional.ofNullable(held.get(slot)).map(HeldUnit::lease);
      String why =
          lease.isPresent()
              ? reason
              : reason + "; no unit of " + demands.get(slot).fingerprint() + " is alive";
      updates.add(
          new LeaseUpdate(
              slot, epoch, nextSequence++, nowNs, lease, touched.workLost.contains(slot), why));
    }
    return updates;
  }

  private static String reason(FaultEvent event) {
    return "card "
        + event.card()
        + switch (event.kind()) {
          case OFFLINE -> " went offline";
          case ONLINE -> " is back online";
          case SLOW -> " takes " + event.factor() + " times as long";
          case RESET -> " was reset";
          case ADDED -> " joined the fleet";
          case DRAINED -> " is drained for maintenance";
        };
  }

  private SluiceException impossible(FaultEvent event) {
    String how =
        table
            .card(event.card())
            .map(c -> "while it is " + c.state.condition().name().toLowerCase(Locale.ROOT))
            .orElse("which is not listed");
    return new SluiceException(
        ErrorCode.SLUICE_FLEET_INVALID,
        event.kind() + " of card '" + event.card() + "' at " + event.atNs() + " ns, " + how,
        "fleet '" + fleet.name() + "'",
        "correct the faults of the fleet");
  }

  private SluiceException otherFleet(String found) {
    return new SluiceException(
        ErrorCode.SLUICE_FLEET_INVALID,
        "the state to go on from has " + found,
        "fleet '" + fleet.name() + "'",
        "go on with the fleet that the state was taken of, or start anew");
  }
}
