package io.sluice.xrm;

import io.sluice.fleet.CardState;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * All that a {@link LeaseManager} remembers. As large as the fleet and the demands, however long
 * the history.
 *
 * @param epoch of the updates said so far
 * @param nextSequence of the next update
 * @param atNs time of the last event, in nanoseconds
 * @param cards one for each card of the fleet, in its order
 * @param slots one for each demand, in the order of the slots
 */
public record ManagerState(
    long epoch, long nextSequence, long atNs, List<CardEntry> cards, List<SlotEntry> slots) {
  public ManagerState {
    cards = List.copyOf(cards);
    slots = List.copyOf(slots);
  }

  /** How a card is. */
  public record CardEntry(String card, CardState state) {
    public CardEntry {
      Objects.requireNonNull(card, "card");
      Objects.requireNonNull(state, "state");
    }
  }

  /**
   * What a slot holds.
   *
   * @param unit id of the unit; none while the slot waits
   */
  public record SlotEntry(Demand demand, Optional<String> unit) {
    public SlotEntry {
      Objects.requireNonNull(demand, "demand");
      Objects.requireNonNull(unit, "unit");
    }
  }
}
