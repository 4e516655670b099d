package io.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final int REQUESTS = 40_000;

  /** Work over total speed: nothing can be faster. */
  private static double lowerBoundNs(Fleet fleet, Network network, int requests) {
    Capacity all =
        new DispatchPlan(fleet, List.of(network), DispatchSettings.of(Policy.ROUND_ROBIN), false)
            .capacities()
            .get(0);
    return requests * 1e9 / all.devicePerSecond();
  }

  @Test
  void onAMixedRackEarliestFinishIsWithinTwoPercentOfWorkOverTotalSpeed() {
    Fleet fleet = FleetFile.example("mixed-rack");
    Network network = Racks.network("n", fleet);
    Map<Policy, Double> overBound = new EnumMap<>(Policy.class);
    for (Policy policy : Policy.values()) {
      List<Outcome> outcomes =
          Racks.allAtOnce(fleet, DispatchSettings.of(policy), REQUESTS, network);
      overBound.put(policy, Racks.makespanNs(outcomes) / lowerBoundNs(fleet, network, REQUESTS));
    }
    for (Policy policy :
        List.of(Policy.EARLIEST_FINISH, Policy.EARLIEST_DEADLINE, Policy.BATCH_AFFINITY)) {
      assertThat(overBound.get(policy)).isBetween(0.99, 1.02);
    }
    assertThat(overBound.get(Policy.ROUND_ROBIN)).isGreaterThan(1.5);
    assertThat(overBound.get(Policy.LEAST_LOADED)).isGreaterThan(1.5);
  }

  @Test
  void roundRobinGivesEveryUnitAsMany() {
    Fleet fleet = FleetFile.example("mixed-rack");
    List<Outcome> outcomes =
        Racks.allAtOnce(
            fleet,
            DispatchSettings.of(Policy.ROUND_ROBIN),
            10 * fleet.units().size(),
            Racks.network("n", fleet));
    assertThat(Racks.byUnit(outcomes))
        .hasSize(fleet.units().size())
        .allSatisfy((u, n) -> assertThat(n).isEqualTo(10));
  }

  @Test
  void leastLoadedGivesEveryUnitAsManyWhenNoneIsDone() {
    Fleet fleet = Racks.uniform("u50lv", 2, 10, 2);
    List<Outcome> outcomes =
        Racks.allAtOnce(
            fleet, DispatchSettings.of(Policy.LEAST_LOADED), 100, Racks.network("n", fleet));
    assertThat(Racks.byUnit(outcomes)).hasSize(20).allSatisfy((u, n) -> assertThat(n).isEqualTo(5));
  }

  @Test
  void affinityLoadsWeightsLessOftenAndIsDoneEarlier() {
    Fleet fleet = Racks.uniform("u200", 2, 2, 2);
    Network[] networks = {
      Racks.network("a", fleet), Racks.network("b", fleet), Racks.network("c", fleet)
    };
    Map<Policy, Long> made = new EnumMap<>(Policy.class);
    Map<Policy, Long> loads = new EnumMap<>(Policy.class);
    for (Policy policy : List.of(Policy.EARLIEST_FINISH, Policy.BATCH_AFFINITY)) {
      List<Outcome> outcomes = new ArrayList<>();
      Dispatcher dispatcher =
          Racks.dispatcher(fleet, DispatchSettings.of(policy), 0, outcomes, networks);
      for (int i = 0; i < 5000; i++) {
        dispatcher.arrive(new Arrival(i, 0, i % 3, i * 4_000_000L));
      }
      dispatcher.finish();
      made.put(policy, outcomes.stream().mapToLong(Outcome::latencyNs).sum());
      loads.put(policy, dispatcher.usage().loads());
    }
    assertThat(loads.get(Policy.BATCH_AFFINITY)).isLessThan(loads.get(Policy.EARLIEST_FINISH) / 2);
    assertThat(made.get(Policy.BATCH_AFFINITY)).isLessThan(made.get(Policy.EARLIEST_FINISH));
  }

  @Test
  void policiesAreNamedAsOnTheCommandLine() {
    assertThat(Policy.of("batch-affinity")).isEqualTo(Policy.BATCH_AFFINITY);
    assertThatThrownBy(() -> Policy.of("best"))
        .hasMessageContaining("SLUICE_USAGE")
        .hasMessageContaining("round-robin");
  }
}
