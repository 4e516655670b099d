package io.sluice.fleet;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.target.Fingerprint;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A fleet of cards. Immutable; made by {@link FleetFile}.
 *
 * @param name for people
 * @param cards in the order of the file
 * @param hosts every host that a card names, in the order in which cards name them
 * @param faults in the order of their times
 */
public record Fleet(String name, List<Card> cards, List<Host> hosts, List<FaultEvent> faults)
    implements Serializable {
  /**
   * @throws IllegalArgumentException if the hosts are not those of the cards
   */
  public Fleet {
    cards = List.copyOf(cards);
    hosts = List.copyOf(hosts);
    faults = List.copyOf(faults);
    List<String> named = cards.stream().map(Card::host).distinct().toList();
    if (!named.equals(hosts.stream().map(Host::name).toList())) {
      throw new IllegalArgumentException("cards in " + named + ", hosts " + hosts);
    }
  }

  /** A fleet of which only the names of the hosts are known. */
  public Fleet(String name, List<Card> cards, List<FaultEvent> faults) {
    this(name, cards, cards.stream().map(Card::host).distinct().map(Host::usual).toList(), faults);
  }

  /** The same cards with other faults, in the order of their times. */
  public Fleet withFaults(List<FaultEvent> others) {
    return new Fleet(name, cards, hosts, others);
  }

  /** All units, card by card, also those that are added later. */
  public List<ComputeUnit> units() {
    return cards.stream().flatMap(card -> card.units().stream()).toList();
  }

  /** The cards that are there at the start: those that no event adds. */
  public List<Card> cardsAtStart() {
    Set<String> later =
        faults.stream()
            .filter(f -> f.kind() == FaultEvent.Kind.ADDED)
            .map(FaultEvent::card)
            .collect(Collectors.toSet());
    return cards.stream().filter(card -> !later.contains(card.id())).toList();
  }

  /**
   * The units that can run a model.
   *
   * @param fingerprint what the model was compiled for
   * @param model its name, for the error
   * @throws SluiceException VART_DEVICE_MISMATCH if there is none, at any time
   */
  public List<ComputeUnit> unitsFor(Fingerprint fingerprint, String model) {
    List<ComputeUnit> able =
        units().stream().filter(unit -> unit.fingerprint().equals(fingerprint)).toList();
    if (able.isEmpty()) {
      Stream<Fingerprint> there = units().stream().map(ComputeUnit::fingerprint).distinct();
      throw new SluiceException(
          ErrorCode.VART_DEVICE_MISMATCH,
          "model '" + model + "' was compiled for " + fingerprint + ", which no unit is",
          "fleet '" + name + "'",
          "compile it for "
              + there.map(Fingerprint::toString).collect(Collectors.joining(" or "))
              + ", or add a card that has such units");
    }
    return able;
  }
}
