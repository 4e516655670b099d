package io.sluice.xrm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.fleet.Card;
import io.sluice.fleet.CardState;
import io.sluice.fleet.ComputeUnit;
import io.sluice.fleet.FaultEvent;
import io.sluice.fleet.Fleet;
import io.sluice.target.Fingerprint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any row of demands and events, against a view that knows only what the updates say. */
class LeaseManagerPropertyTest {
  /** Cards of 3, 2, 2, 1 and 1 units; the last of each fingerprint joins later. */
  private static final Fleet FLEET =
      Fleets.of(
          """
          cards:
            - {platform: zcu102}
            - {platform: zcu104, count: 2}
            - {platform: v70, count: 2}
          faults:
            - {atMs: 1, card: zcu104-1, event: added}
            - {atMs: 1, card: v70-1, event: added}
          """);

  /** A step: a demand of the slot that comes next, or something that may befall a card. */
  record Step(int card, FaultEvent.Kind kind, boolean join) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 4),
            Arbitraries.of(FaultEvent.Kind.class),
            Arbitraries.of(true, false, false))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  /** What the updates have said, and how the cards are. */
  private static final class View {
    final SortedMap<SlotId, Demand> demands = new TreeMap<>();
    final Map<SlotId, LeaseUpdate> last = new HashMap<>();
    final Map<String, CardState> cards = new HashMap<>();
    long saidSoFar;

    View() {
      FLEET.cards().forEach(card -> cards.put(card.id(), CardState.ABSENT));
      FLEET.cardsAtStart().forEach(card -> cards.put(card.id(), CardState.ALIVE));
    }

    boolean alive(ComputeUnit unit) {
      return cards.get(unit.card()).isAlive();
    }
  }

  /** The call that a step stands for; empty when the card does not allow it. */
  private static List<LeaseUpdate> apply(LeaseManager manager, Step step, int atNs, View view) {
    if (step.join()) {
      int index = view.demands.size();
      // Nodes alternate, so that slots do not come in their order.
      Demand demand =
          Fleets.demand(
              index % 3 == 0 ? "b" : "a", index, index % 3 == 0 ? Fleets.V70 : Fleets.B4096);
      view.demands.put(demand.slot(), demand);
      return manager.demand(atNs, demand);
    }
    Card card = FLEET.cards().get(step.card());
    CardState state = view.cards.get(card.id());
    if (!state.allows(step.kind())) {
      return List.of();
    }
    FaultEvent event = Fleets.event(atNs, card.id(), step.kind());
    view.cards.put(card.id(), state.after(event));
    return manager.fault(event);
  }

  @Property(tries = 500)
  void whatTheUpdatesSayHoldsTheRules(@ForAll("steps") List<Step> steps) {
    LeaseManager manager = new LeaseManager(FLEET);
    View view = new View();
    for (int i = 0; i < steps.size(); i++) {
      Map<SlotId, LeaseUpdate> before = Map.copyOf(view.last);
      Step step = steps.get(i);
      String card = FLEET.cards().get(step.card()).id();
      boolean losesWork =
          !step.join()
              && view.cards.get(card).isAlive()
              && (step.kind() == FaultEvent.Kind.OFFLINE || step.kind() == FaultEvent.Kind.RESET);
      List<LeaseUpdate> updates = apply(manager, step, i, view);
      for (LeaseUpdate update : updates) {
        assertThat(update.sequence()).isEqualTo(view.saidSoFar++);
        assertThat(update.atNs()).isEqualTo(i);
        view.last.put(update.slot(), update);
      }
      assertThat(updates).extracting(LeaseUpdate::slot).isSorted().doesNotHaveDuplicates();
      assertThat(view.last.keySet()).isEqualTo(view.demands.keySet());
      checkLeases(view);
      checkBalance(view);
      assertThat(updates.stream().filter(LeaseUpdate::workLost).map(LeaseUpdate::slot))
          .containsExactlyElementsOf(losesWork ? slotsOn(card, before) : new TreeSet<>());
      assertThat(manager.waiting())
          .isEqualTo((int) view.last.values().stream().filter(u -> u.lease().isEmpty()).count());
      assertThat(manager.held()).isEqualTo(view.last.size() - manager.waiting());
    }
    assertThat(manager.releaseAll())
        .allMatch(update -> update.lease().isEmpty() && !update.workLost())
        .extracting(LeaseUpdate::slot)
        .containsExactlyElementsOf(view.demands.keySet());
    assertThat(manager.held()).isZero();
    assertThat(manager.state().slots()).isEmpty();
  }

  /**
   * Each slot has a lease exactly if an able unit is alive, on such a unit, with its true share.
   */
  private static void checkLeases(View view) {
    Map<String, Integer> tenants = tenants(view);
    for (Demand demand : view.demands.values()) {
      List<ComputeUnit> able =
          FLEET.unitsFor(demand.fingerprint(), "m").stream().filter(view::alive).toList();
      LeaseUpdate update = view.last.get(demand.slot());
      assertThat(update.lease().isPresent()).isEqualTo(!able.isEmpty());
      update
          .lease()
          .ifPresent(
              lease -> {
                assertThat(able).extracting(ComputeUnit::id).contains(lease.unit());
                assertThat(lease.shareMillionths())
                    .isEqualTo(1_000_000 / tenants.get(lease.unit()));
                assertThat(lease.slowFactor()).isEqualTo(view.cards.get(lease.card()).slowFactor());
              });
    }
  }

  private static void checkBalance(View view) {
    Map<String, Integer> tenants = tenants(view);
    for (Fingerprint fingerprint : List.of(Fleets.B4096, Fleets.V70)) {
      IntSummaryStatistics loads =
          FLEET.unitsFor(fingerprint, "m").stream()
              .filter(view::alive)
              .mapToInt(unit -> tenants.getOrDefault(unit.id(), 0))
              .summaryStatistics();
      assertThat(loads.getCount() == 0 ? 0 : loads.getMax() - loads.getMin()).isBetween(0, 1);
    }
  }

  private static SortedSet<SlotId> slotsOn(String card, Map<SlotId, LeaseUpdate> last) {
    SortedSet<SlotId> slots = new TreeSet<>();
    last.forEach(
        (slot, update) -> {
          if (update.lease().filter(lease -> lease.card().equals(card)).isPresent()) {
            slots.add(slot);
          }
        });
    return slots;
  }

  private static Map<String, Integer> tenants(View view) {
    Map<String, Integer> tenants = new HashMap<>();
    view.last
        .values()
        .forEach(u -> u.lease().ifPresent(l -> tenants.merge(l.unit(), 1, Integer::sum)));
    return tenants;
  }

  @Property(tries = 200)
  void aRestoredManagerGoesOnAsTheOneBefore(@ForAll("steps") List<Step> steps) {
    LeaseManager straight = new LeaseManager(FLEET);
    LeaseManager restoredEachTime = new LeaseManager(FLEET);
    View straightView = new View();
    View restoredView = new View();
    List<LeaseUpdate> expected = new ArrayList<>();
    List<LeaseUpdate> actual = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      expected.addAll(apply(straight, steps.get(i), i, straightView));
      ManagerState state = restoredEachTime.state();
      restoredEachTime = LeaseManager.restore(FLEET, state);
      assertThat(restoredEachTime.state()).isEqualTo(state);
      actual.addAll(apply(restoredEachTime, steps.get(i), i, restoredView));
    }
    assertThat(actual).isEqualTo(expected);
    assertThat(restoredEachTime.state()).isEqualTo(straight.state());
  }
}
