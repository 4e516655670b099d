package io.sluice.dispatch;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.fleet.Card;
import io.sluice.fleet.FaultEvent;
import io.sluice.fleet.Fleet;
import io.sluice.fleet.Host;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cards of some hosts of a fleet, numbered for one dispatcher: hosts, cards and units from 0 in
 * the order of the fleet.
 */
final class Layout {
  private final List<Network> networks;
  private final List<Kind> kinds = new ArrayList<>();
  private final Map<Kind.Key, Integer> kindByKey = new HashMap<>();

  final List<Card> cards = new ArrayList<>();
  final List<FaultEvent> faults = new ArrayList<>();
  final Map<String, Integer> cardById = new HashMap<>();
  final int hosts;
  final int units;
  final int[] hostOfCard;
  final int[] firstUnit;
  final int[] cardOfUnit;
  final int[] kindOfUnit;
  final int[] fleetUnits;
  final boolean[] presentAtStart;
  final int[] threadsOfHost;
  final double[] pcieBytesPerNs;
  final double[] linkBytesPerNs;

  /**
   * @param members of the dispatcher, by their numbers in the fleet
   * @param fleetUnits the number in the fleet of each unit of these cards
   * @throws SluiceException VART_DEVICE_MISMATCH if no unit runs one of the networks
   */
  Layout(Fleet fleet, List<Integer> members, int[] fleetUnits, List<Network> networks) {
    this.networks = List.copyOf(networks);
    this.fleetUnits = fleetUnits;
    members.forEach(card -> cards.add(fleet.cards().get(card)));
    Map<String, Integer> hostIndex = new LinkedHashMap<>();
    cards.forEach(card -> hostIndex.putIfAbsent(card.host(), hostIndex.size()));
    hosts = hostIndex.size();
    threadsOfHost = new int[hosts];
    pcieBytesPerNs = new double[hosts];
    for (Host host : fleet.hosts()) {
      Integer h = hostIndex.get(host.name());
      if (h != null) {
        threadsOfHost[h] = host.threads();
        pcieBytesPerNs[h] = host.pcieGigabytesPerSecond();
      }
    }
    hostOfCard = new int[cards.size()];
    firstUnit = new int[cards.size() + 1];
    linkBytesPerNs = new double[cards.size()];
    presentAtStart = new boolean[cards.size()];
    for (int c = 0; c < cards.size(); c++) {
      Card card = cards.get(c);
      cardById.put(card.id(), c);
      hostOfCard[c] = hostIndex.get(card.host());
      firstUnit[c + 1] = firstUnit[c] + card.units().size();
      linkBytesPerNs[c] = card.linkGigabytesPerSecond();
      presentAtStart[c] = true;
    }
    units = firstUnit[cards.size()];
    cardOfUnit = new int[units];
    kindOfUnit = new int[units];
    for (int c = 0; c < cards.size(); c++) {
      int kind = kindOf(c, 1);
      for (int u = firstUnit[c]; u < firstUnit[c + 1]; u++) {
        cardOfUnit[u] = c;
        kindOfUnit[u] = kind;
      }
    }
    for (FaultEvent fault : fleet.faults()) {
      Integer card = cardById.get(fault.card());
      if (card != null) {
        faults.add(fault);
        presentAtStart[card] &= fault.kind() != FaultEvent.Kind.ADDED;
      }
    }
    for (int n = 0; n < networks.size(); n++) {
      if (capacityPerSecond(n) == 0) {
        throw new SluiceException(
            ErrorCode.VART_DEVICE_MISMATCH,
            "no unit runs network '" + networks.get(n).name() + "'",
            "hosts " + hostIndex.keySet() + " of fleet '" + fleet.name() + "'",
            "compile it for a target of these cards, or use one dispatcher for all hosts");
      }
    }
  }

  List<Network> networks() {
    return networks;
  }

  int kinds() {
    return kinds.size();
  }

  Kind kind(int index) {
    return kinds.get(index);
  }

  /** The kind that units of a card are of when they are so slow. */
  int kindOf(int card, double slowFactor) {
    Card what = cards.get(card);
    Kind.Key key =
        new Kind.Key(
            what.platform(), what.units().get(0).fingerprint(), what.units().size(), slowFactor);
    return kindByKey.computeIfAbsent(
        key,
        k -> {
          kinds.add(new Kind(k, networks));
          return kinds.size() - 1;
        });
  }

  /** Requests a second that all units together do of a network, in full batches. */
  double capacityPerSecond(int network) {
    double sum = 0;
    for (int u = 0; u < units; u++) {
      sum += kinds.get(kindOfUnit[u]).perSecond(network);
    }
    return sum;
  }
}
