package io.sluice.dispatch;

import io.sluice.dpu.timing.ModelProfile;
import io.sluice.fleet.Fleet;
import io.sluice.fleet.UniformFleet;
import io.sluice.target.Platform;
import io.sluice.target.Platforms;
import io.sluice.target.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Networks and fleets for tests of dispatching. */
final class Racks {
  private static final Targets TARGETS = Targets.builtIn();
  private static final Platforms PLATFORMS = Platforms.builtIn();

  private Racks() {}

  /** A network about as heavy as ResNet-50, for all targets of a fleet. */
  static Network network(String name, Fleet fleet) {
    return network(name, fleet, 1);
  }

  static Network network(String name, Fleet fleet, double heavier) {
    Stream<String> targets = fleet.cards().stream().map(c -> c.platform().target()).distinct();
    return new Network(
        name,
        targets
            .map(target -> new Network.Variant(profile(target, heavier), 150_528, 1000))
            .toList());
  }

  private static ModelProfile profile(String target, double heavier) {
    double opsPerCycle = TARGETS.byName(target).peakOpsPerCycle() / TARGETS.byName(target).batch();
    List<ModelProfile.Superlayer> layers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      double cycles = heavier * 7.7e9 / 50 / opsPerCycle;
      layers.add(
          new ModelProfile.Superlayer(
              "l" + i, 154_000_000, cycles, cycles / 4, 500_000, 150_000, 150_000));
    }
    return new ModelProfile(
        "m", TARGETS.byName(target), List.of(new ModelProfile.DpuSubgraph("s", layers)));
  }

  static Fleet uniform(String platform, int cards, int units, int perHost) {
    Platform p = PLATFORMS.byName(platform);
    return new UniformFleet(p, TARGETS.byName(p.target()).fingerprint(), units, perHost, 32)
        .of(cards);
  }

  /** All requests at once; returns the outcomes in the order in which they end. */
  static List<Outcome> allAtOnce(
      Fleet fleet, DispatchSettings settings, int requests, Network... networks) {
    List<Outcome> outcomes = new ArrayList<>();
    Dispatcher dispatcher = dispatcher(fleet, settings, 0, outcomes, networks);
    for (int i = 0; i < requests; i++) {
      dispatcher.arrive(new Arrival(i, 0, i % networks.length, 0));
    }
    dispatcher.finish();
    return outcomes;
  }

  static Dispatcher dispatcher(
      Fleet fleet,
      DispatchSettings settings,
      long stride,
      List<Outcome> outcomes,
      Network... networks) {
    return new DispatchPlan(fleet, List.of(networks), settings, false)
        .make(List.of(0), stride, outcomes::add)
        .get(0);
  }

  static long makespanNs(List<Outcome> outcomes) {
    return outcomes.stream().mapToLong(Outcome::endedNs).max().orElseThrow();
  }

  /** Requests by unit. */
  static Map<Integer, Long> byUnit(List<Outcome> outcomes) {
    Map<Integer, Long> counts = new TreeMap<>();
    outcomes.forEach(o -> counts.merge(o.unit(), 1L, Long::sum));
    return counts;
  }
}
