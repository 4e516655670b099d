package io.sluice.dispatch;

import io.sluice.fleet.CardState;
import io.sluice.fleet.FaultEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/** How the cards of a dispatcher are, and what becomes of their work when that changes. */
final class Cards {
  private final Layout layout;
  private final Requests requests;
  private final Units units;
  private final UnitWork work;
  private final DispatchPolicy policy;
  private final Channels linksTo;
  private final Channels linksFrom;
  private final CardState[] states;

  /** The policy gets the units of the cards that are there at the start. */
  Cards(
      Layout layout,
      Requests requests,
      Units units,
      UnitWork work,
      DispatchPolicy policy,
      Channels linksTo,
      Channels linksFrom) {
    this.layout = layout;
    this.requests = requests;
    this.units = units;
    this.work = work;
    this.policy = policy;
    this.linksTo = linksTo;
    this.linksFrom = linksFrom;
    states = new CardState[layout.cards.size()];
    for (int card = 0; card < states.length; card++) {
      states[card] = layout.presentAtStart[card] ? CardState.ALIVE : CardState.ABSENT;
      if (states[card].isAlive()) {
        forUnits(card, policy::added);
      }
    }
  }

  boolean isAlive(int card) {
    return states[card].isAlive();
  }

  /**
   * A fault happens to its card: a lost card keeps nothing, a drained one what runs, a slow one
   * all.
   *
   * @return requests to send again, in the order in which they came; there may be work lost on them
   */
  List<Integer> befall(int card, FaultEvent fault, long nowNs) {
    states[card] = states[card].after(fault);
    int kind = layout.kindOf(card, states[card].slowFactor());
    forUnits(card, policy::removed);
    if (losesWork(fault)) {
      forUnits(card, unit -> work.lose(unit, nowNs));
      linksTo.reset(card, nowNs);
      linksFrom.reset(card, nowNs);
    } else if (fault.kind() == FaultEvent.Kind.DRAINED) {
      forUnits(card, work::nothingWaits);
    }
    forUnits(card, unit -> units.becomes(unit, kind));
    if (isAlive(card)) {
      forUnits(card, policy::added);
    }
    return losesWork(fault) || fault.kind() == FaultEvent.Kind.DRAINED
        ? notRunning(card)
        : List.of();
  }

  static boolean losesWork(FaultEvent fault) {
    return fault.kind() == FaultEvent.Kind.OFFLINE || fault.kind() == FaultEvent.Kind.RESET;
  }

  /** What was sent to a card, but for what runs there. */
  private List<Integer> notRunning(int card) {
    Set<Integer> running = new HashSet<>();
    forUnits(
        card,
        unit -> {
          for (int r = work.head(unit); r >= 0; r = requests.next[r]) {
            running.add(r);
          }
        });
    List<Integer> sent = new ArrayList<>();
    for (int request = 0; request < requests.used(); request++) {
      int unit = requests.unit[request];
      if (unit >= layout.firstUnit[card]
          && unit < layout.firstUnit[card + 1]
          && !running.contains(request)) {
        sent.add(request);
      }
    }
    sent.sort(
        Comparator.<Integer>comparingLong(r -> requests.arrivedNs[r])
            .thenComparingLong(r -> requests.id[r]));
    return sent;
  }

  private void forUnits(int card, IntConsumer action) {
    for (int unit = layout.firstUnit[card]; unit < layout.firstUnit[card + 1]; unit++) {
      action.accept(unit);
    }
  }
}
