package io.sluice.flink.manage;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.fleet.Card;
import io.sluice.fleet.CardState;
import io.sluice.fleet.ComputeUnit;
import io.sluice.fleet.FaultEvent;
import io.sluice.fleet.Fleet;
import io.sluice.xrm.alloc.Allocation;
import io.sluice.xrm.alloc.Allocator;
import io.sluice.xrm.alloc.DeviceSpec;
import io.sluice.xrm.alloc.Image;
import io.sluice.xrm.alloc.UnitSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The cards of a fleet as devices of an allocator, in the order of the fleet file. A card of a
 * platform has an image with the units of the platform; the units are kernels of the name of the
 * DPU's family.
 */
final class Cards {
  private final Fleet fleet;
  private final Allocator allocator;
  private final Map<String, Integer> devices = new HashMap<>();
  private final Map<String, CardState> states = new LinkedHashMap<>();

  private Cards(Fleet fleet, Allocator allocator) {
    this.fleet = fleet;
    this.allocator = allocator;
    fleet.cards().forEach(card -> devices.put(card.id(), devices.size()));
  }

  /** The fleet as it is at the start, in an allocator without devices. */
  static Cards atStart(Fleet fleet, Allocator allocator) {
    Cards cards = new Cards(fleet, allocator);
    Set<Card> present = new HashSet<>(fleet.cardsAtStart());
    for (Card card : fleet.cards()) {
      int device = allocator.addDevice(new DeviceSpec(card.id(), card.platform().name()));
      if (present.contains(card)) {
        allocator.load(device, image(card)).value();
        cards.states.put(card.id(), CardState.ALIVE);
      } else {
        allocator.offline(0, device).value();
        cards.states.put(card.id(), CardState.ABSENT);
      }
    }
    return cards;
  }

  /**
   * The fleet of an allocator that was restored.
   *
   * @throws SluiceException SLUICE_FLEET_INVALID if the states are of other cards
   */
  static Cards restored(Fleet fleet, Allocator allocator, Map<String, CardState> states) {
    Cards cards = new Cards(fleet, allocator);
    if (!List.copyOf(states.keySet()).equals(fleet.cards().stream().map(Card::id).toList())) {
      throw new SluiceException(
          ErrorCode.SLUICE_FLEET_INVALID,
          "the state to go on from has other cards, " + states.size() + " of them",
          "fleet '" + fleet.name() + "'",
          "go on with the fleet that the state was taken of, or start anew");
    }
    cards.states.putAll(states);
    return cards;
  }

  private static Image image(Card card) {
    List<UnitSpec> units = new ArrayList<>();
    for (ComputeUnit unit : card.units()) {
      String instance = "dpu" + unit.index();
      units.add(UnitSpec.dpu(kernel(card), instance, unit.fingerprint()));
    }
    String name = card.platform().name() + "-" + units.size();
    return new Image(name + ".xclbin", name, card.platform().name(), units);
  }

  /** The family of the card's DPUs, e.g. {@code DPUCZDX8G}. */
  private static String kernel(Card card) {
    return card.platform().target().split("_", 2)[0];
  }

  Map<String, CardState> states() {
    return states;
  }

  int size() {
    return fleet.cards().size();
  }

  Card card(int device) {
    return fleet.cards().get(device);
  }

  CardState state(int device) {
    return states.get(card(device).id());
  }

  /** What is said of the first of these devices that is not there. */
  Optional<String> unknown(List<Integer> ids) {
    return ids.stream()
        .filter(id -> id < 0 || id >= size())
        .findFirst()
        .map(id -> "there is no device " + id);
  }

  /** The device of a card of the fleet. */
  int device(String card) {
    return devices.get(card);
  }

  /**
   * Something happens to a card.
   *
   * @param atNs not before the last call of the allocator
   * @return what was granted on it and has ended, or has to move
   * @throws SluiceException SLUICE_FLEET_INVALID if it cannot happen to the card as it is
   */
  List<Allocation> befall(long atNs, FaultEvent event) {
    Integer device = devices.get(event.card());
    CardState before = states.get(event.card());
    if (device == null || !before.allows(event.kind())) {
      throw new SluiceException(
          ErrorCode.SLUICE_FLEET_INVALID,
          event.kind()
              + " of card '"
              + event.card()
              + (device == null
                  ? "', which is not listed"
                  : "' while it is " + before.condition().name().toLowerCase(Locale.ROOT)),
          "fleet '" + fleet.name() + "'",
          "correct the event");
    }
    states.put(event.card(), before.after(event));
    switch (event.kind()) {
      case OFFLINE -> {
        return allocator.offline(atNs, device).value().allocations();
      }
      case DRAINED -> {
        allocator.drain(device).value();
        return on(device);
      }
      case ONLINE, ADDED -> {
        if (before.condition() == CardState.Condition.DRAINED) {
          allocator.enable(device).value();
        } else {
          allocator.online(device).value();
          allocator.load(device, image(card(device))).value();
        }
      }
      case SLOW, RESET -> {}
    }
    return List.of();
  }

  /** What is granted on a device. */
  List<Allocation> on(int device) {
    return allocator.services().stream()
        .filter(held -> held.channels().stream().anyMatch(c -> c.device() == device))
        .toList();
  }
}
