package io.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.fleet.FaultEvent;
import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import io.sluice.fleet.RandomFaults;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DispatcherTest {
  private static final DispatchSettings SETTINGS = DispatchSettings.of(Policy.EARLIEST_FINISH);
  private static final long MS = 1_000_000;

  @Test
  void aLoneRequestTakesHostThenLinkThenWeightsThenDevice() {
    Fleet fleet = Racks.uniform("u50lv", 1, 10, 1);
    Network network = Racks.network("n", fleet);
    Outcome outcome = Racks.allAtOnce(fleet, SETTINGS.withHostNs(5000), 1, network).get(0);
    double link = fleet.cards().get(0).linkGigabytesPerSecond();
    long loadNs = Math.round(25_000_000 / link);
    assertThat(outcome.hostNs()).isEqualTo(5000);
    assertThat(outcome.transferNs())
        .isEqualTo(Math.round(150_528 / link) + Math.round(1000 / link));
    assertThat(outcome.queueNs()).isZero();
    assertThat(outcome.deviceNs()).isGreaterThan(loadNs);
    assertThat(outcome.endedNs()).isEqualTo(outcome.latencyNs());
  }

  @Test
  void unitsOfACardShareItsLinkAndItsMemory() {
    double[] perUnit = new double[3];
    for (int units = 1; units <= 3; units++) {
      Fleet fleet = Racks.uniform("zcu102", 1, units, 1);
      Network network = Racks.network("n", fleet);
      perUnit[units - 1] =
          1 / (double) Racks.makespanNs(Racks.allAtOnce(fleet, SETTINGS, 100 * units, network));
    }
    assertThat(perUnit[1]).isLessThan(perUnit[0]);
    assertThat(perUnit[2]).isLessThan(perUnit[1]);
  }

  @Test
  void aUnitTakesWhatWaitsUpToTheBatchOfItsTarget() {
    Fleet fleet = Racks.uniform("v70", 1, 1, 1);
    List<Outcome> outcomes =
        Racks.allAtOnce(fleet, SETTINGS, 1 + 14 + 14, Racks.network("n", fleet));
    assertThat(outcomes.stream().map(Outcome::deviceNs).distinct().count()).isLessThanOrEqualTo(3);
    assertThat(outcomes).hasSize(29);
  }

  @ParameterizedTest
  @EnumSource
  void underEveryPolicyEveryRequestEndsOnceWhateverDies(Policy policy) {
    Fleet fleet = new RandomFaults(0.5, 0.5, 400 * MS, 3).befall(FleetFile.example("mixed-rack"));
    Network a = Racks.network("a", fleet);
    Network b = Racks.network("b", fleet, 0.3);
    List<Outcome> outcomes = new ArrayList<>();
    DispatchSettings settings =
        DispatchSettings.of(policy).withHostNs(20_000).withDeadlinesNs(List.of(50 * MS, 10 * MS));
    Dispatcher dispatcher = Racks.dispatcher(fleet, settings, 0, outcomes, a, b);
    for (int i = 0; i < 20_000; i++) {
      dispatcher.arrive(new Arrival(i, 0, i % 2, i * 25_000L));
    }
    dispatcher.finish();
    assertThat(outcomes.stream().mapToLong(Outcome::id).sorted())
        .containsExactlyElementsOf(LongStream.range(0, 20_000).boxed().toList());
    assertThat(outcomes).anyMatch(o -> o.losses() > 0);
    assertThat(outcomes)
        .allSatisfy(
            o -> {
              assertThat(Math.min(o.hostNs(), o.transferNs())).isNotNegative();
              assertThat(o.queueNs()).isNotNegative();
            });
  }

  @Test
  void whatRanOnACardThatDiesRunsElsewhere() {
    Fleet two = Racks.uniform("zcu102", 2, 3, 2);
    Fleet fleet =
        two.withFaults(List.of(new FaultEvent(30 * MS, "card-0", FaultEvent.Kind.OFFLINE, 1)));
    List<Outcome> outcomes = Racks.allAtOnce(fleet, SETTINGS, 100, Racks.network("n", fleet));
    assertThat(outcomes).hasSize(100).allMatch(o -> o.ending().isDone());
    assertThat(outcomes).anyMatch(o -> o.losses() == 1);
    assertThat(outcomes.stream().filter(o -> o.endedNs() > 31 * MS)).allMatch(o -> o.unit() >= 3);
  }

  @Test
  void aDrainedCardEndsWhatRunsAndBeginsNothing() {
    Fleet two = Racks.uniform("zcu102", 2, 3, 2);
    Network network = Racks.network("n", two);
    Fleet fleet =
        two.withFaults(List.of(new FaultEvent(30 * MS, "card-0", FaultEvent.Kind.DRAINED, 1)));
    List<Outcome> outcomes = Racks.allAtOnce(fleet, SETTINGS, 100, network);
    assertThat(outcomes).hasSize(100).allMatch(o -> o.ending().isDone() && o.losses() == 0);
    long last =
        outcomes.stream().filter(o -> o.unit() < 3).mapToLong(Outcome::endedNs).max().orElseThrow();
    assertThat(last).isBetween(30 * MS, 45 * MS);
  }

  @Test
  void aRequestThatNoUnitComesForIsADeadLetterAndOneThatAUnitComesForIsNot() {
    Fleet one = Racks.uniform("zcu102", 1, 3, 1);
    Network network = Racks.network("n", one);
    FaultEvent off = new FaultEvent(0, "card-0", FaultEvent.Kind.OFFLINE, 1);
    FaultEvent on = new FaultEvent(50 * MS, "card-0", FaultEvent.Kind.ONLINE, 1);
    assertThat(Racks.allAtOnce(one.withFaults(List.of(off)), SETTINGS, 3, network))
        .allSatisfy(
            o -> {
              assertThat(o.ending()).isEqualTo(Ending.NO_UNIT);
              assertThat(o.latencyNs()).isEqualTo(60_000 * MS);
            });
    assertThat(Racks.allAtOnce(one.withFaults(List.of(off, on)), SETTINGS, 3, network))
        .allMatch(o -> o.ending().isDone() && o.endedNs() > 50 * MS);
  }

  @Test
  void aRequestWhoseCardsDieTooOftenIsADeadLetter() {
    Fleet one = Racks.uniform("zcu102", 1, 1, 1);
    List<FaultEvent> resets =
        LongStream.range(0, 20)
            .mapToObj(i -> new FaultEvent(1 + i, "card-0", FaultEvent.Kind.RESET, 1))
            .toList();
    List<Outcome> outcomes =
        Racks.allAtOnce(one.withFaults(resets), SETTINGS, 1, Racks.network("n", one));
    assertThat(outcomes)
        .singleElement()
        .satisfies(
            o -> {
              assertThat(o.ending()).isEqualTo(Ending.LOST);
              assertThat(o.losses()).isEqualTo(17);
            });
  }

  @Test
  void aSlowCardTakesLongerUntilItIsWellAgain() {
    Fleet one = Racks.uniform("zcu102", 1, 1, 1);
    Network network = Racks.network("n", one);
    FaultEvent slow = new FaultEvent(0, "card-0", FaultEvent.Kind.SLOW, 3);
    long usual = Racks.makespanNs(Racks.allAtOnce(one, SETTINGS, 50, network));
    long slower =
        Racks.makespanNs(Racks.allAtOnce(one.withFaults(List.of(slow)), SETTINGS, 50, network));
    assertThat((double) slower / usual).isBetween(2.7, 3.1);
  }

  @Test
  void clientsKeepTheirNumberOfRequestsUntilTheMeasuredTimeEnds() {
    Fleet fleet = Racks.uniform("zcu102", 2, 3, 2);
    List<Outcome> outcomes = new ArrayList<>();
    DispatchSettings settings = SETTINGS.measured(0, 1000 * MS);
    Dispatcher dispatcher =
        Racks.dispatcher(fleet, settings, 12, outcomes, Racks.network("n", fleet));
    for (int client = 0; client < 12; client++) {
      dispatcher.client(new Arrival(client, 0, 0, 0));
    }
    dispatcher.finish();
    assertThat(outcomes.stream().map(Outcome::id)).doesNotHaveDuplicates();
    assertThat(outcomes.stream().filter(o -> o.endedNs() >= 1000 * MS)).hasSize(12);
    for (Outcome o : outcomes) {
      long beside =
          outcomes.stream()
              .filter(x -> x.arrivedNs() <= o.arrivedNs() && x.endedNs() > o.arrivedNs())
              .count();
      assertThat(beside).isEqualTo(12);
    }
    assertThat(Arrays.stream(dispatcher.usage().unitBusyNs())).allMatch(ns -> ns > 900 * MS);
  }

  @Test
  void earlierDeadlinesGoFirst() {
    Fleet one = Racks.uniform("zcu102", 1, 1, 1);
    Network hasty = Racks.network("hasty", one);
    Network patient = Racks.network("patient", one);
    List<Long> deadlines = List.of(1000 * MS, 100_000 * MS);
    long late = 0;
    for (Policy policy : List.of(Policy.EARLIEST_FINISH, Policy.EARLIEST_DEADLINE)) {
      DispatchSettings settings = DispatchSettings.of(policy).withDeadlinesNs(deadlines);
      List<Outcome> outcomes = Racks.allAtOnce(one, settings, 100, hasty, patient);
      long now = outcomes.stream().filter(o -> o.network() == 0 && o.isLate()).count();
      if (policy == Policy.EARLIEST_FINISH) {
        late = now;
      } else {
        assertThat(now).isLessThan(late);
      }
    }
  }

  @Test
  void aPlanWithoutAUnitForANetworkIsRefused() {
    Fleet fleet = Racks.uniform("zcu102", 1, 1, 1);
    Network other = Racks.network("v", Racks.uniform("v70", 1, 1, 1));
    assertThatThrownBy(() -> Racks.allAtOnce(fleet, SETTINGS, 1, other))
        .hasMessageContaining("VART_DEVICE_MISMATCH")
        .hasMessageContaining("'v'");
  }
}
