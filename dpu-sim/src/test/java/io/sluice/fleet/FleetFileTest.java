package io.sluice.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.target.Fingerprint;
import io.sluice.target.Targets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetFileTest {
  private static Fleet read(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return FleetFile.read(new ByteArrayInputStream(bytes), "test.yaml");
  }

  @Test
  void theStandardFleetIsTwoBoardsOfThreeUnits() {
    Fleet fleet = FleetFile.standard();
    assertThat(fleet.cards()).extracting(Card::id).containsExactly("zcu102-0", "zcu102-1");
    assertThat(fleet.units()).hasSize(6);
    assertThat(fleet.units().get(4).id()).isEqualTo("zcu102-1/dpu1");
    assertThat(fleet.units())
        .allSatisfy(u -> assertThat(u.fingerprint()).hasToString("0x0101000056010407"));
  }

  @Test
  void oneBoardHasThreeUnitsAndNothingHappensToIt() {
    Fleet fleet = FleetFile.example("one-zcu102");
    assertThat(fleet.cards()).extracting(Card::id).containsExactly("zcu102-0");
    assertThat(fleet.units()).hasSize(3);
    assertThat(fleet.faults()).isEmpty();
  }

  @Test
  void inTheScenarioOneOfTwoBoardsDiesAndIsBack() {
    Fleet fleet = FleetFile.example("card-loss");
    assertThat(fleet.cardsAtStart()).isEqualTo(FleetFile.standard().cards());
    assertThat(fleet.faults())
        .extracting(FaultEvent::card, FaultEvent::kind)
        .containsExactly(
            tuple("zcu102-1", FaultEvent.Kind.OFFLINE), tuple("zcu102-1", FaultEvent.Kind.ONLINE));
    assertThat(fleet.faults().get(0).atNs()).isBetween(1L, fleet.faults().get(1).atNs() - 1);
  }

  @ParameterizedTest
  @CsvSource({
    "one-zcu102, 1, 3, 1",
    "two-zcu102, 2, 6, 1",
    "eight-u50lv, 8, 80, 1",
    "four-v70, 4, 4, 1",
    "mixed-rack, 18, 94, 10",
    "thousand-cards, 1000, 10000, 125"
  })
  void everyExampleLoads(String name, int cards, int units, int hosts) {
    Fleet fleet = FleetFile.example(name);
    assertThat(fleet.cards()).hasSize(cards);
    assertThat(fleet.units()).hasSize(units);
    assertThat(fleet.hosts()).hasSize(hosts);
  }

  @Test
  void hostsLinksAndUnitsMayBeGiven() throws IOException {
    Fleet fleet =
        read(
            """
            cards:
              - {platform: u50lv, count: 3, host: node, perHost: 2, units: 4}
              - {platform: v70, host: big, linkGigabytesPerSecond: 3}
            hosts:
              - {name: node-1, threads: 8, pcieGigabytesPerSecond: 24}
            """);
    assertThat(fleet.cards())
        .extracting(Card::host)
        .containsExactly("node-0", "node-0", "node-1", "big");
    assertThat(fleet.units()).hasSize(13);
    assertThat(fleet.cards().get(0).linkGigabytesPerSecond()).isBetween(11.0, 12.0);
    assertThat(fleet.cards().get(3).linkGigabytesPerSecond()).isEqualTo(3);
    assertThat(fleet.hosts())
        .containsExactly(Host.usual("node-0"), new Host("node-1", 8, 24), Host.usual("big"));
  }

  @Test
  void randomFaultsHitExactlyTheShareAndAreTheSameForASeed() {
    Fleet fleet = FleetFile.example("thousand-cards");
    Fleet hit = new RandomFaults(0.3, 0.5, 1_000_000, 7).befall(fleet);
    assertThat(hit.faults())
        .hasSize(450)
        .isSortedAccordingTo(Comparator.comparing(FaultEvent::atNs));
    assertThat(hit.faults()).filteredOn(f -> f.kind() == FaultEvent.Kind.OFFLINE).hasSize(300);
    assertThat(hit).isEqualTo(new RandomFaults(0.3, 0.5, 1_000_000, 7).befall(fleet));
    assertThat(hit).isNotEqualTo(new RandomFaults(0.3, 0.5, 1_000_000, 8).befall(fleet));
  }

  @Test
  void anUnknownExampleIsRefused() {
    assertThatThrownBy(() -> FleetFile.example("../fleet/two-zcu102"))
        .hasMessageContaining("SLUICE_USAGE")
        .hasMessageContaining("card-loss");
  }

  @Test
  void cardsWithoutAnIdAreNumberedPerPlatform() throws IOException {
    Fleet fleet =
        read(
            """
            cards:
              - {platform: v70, host: rack-1}
              - {platform: kv260, count: 2}
              - {platform: v70, id: big}
              - {platform: v70}
            """);
    assertThat(fleet.name()).isEqualTo("test.yaml");
    assertThat(fleet.cards())
        .extracting(Card::id)
        .containsExactly("v70-0", "kv260-0", "kv260-1", "big", "v70-1");
    assertThat(fleet.cards()).extracting(Card::host).startsWith("rack-1", "host-0");
  }

  @Test
  void jsonIsReadToo() throws IOException {
    assertThat(read("{\"name\": \"n\", \"cards\": [{\"platform\": \"kv260\"}]}").units())
        .hasSize(1);
  }

  @Test
  void faultsAreSortedByTimeInNanoseconds() throws IOException {
    Fleet fleet =
        read(
            """
            cards: [{platform: zcu104, count: 3}]
            faults:
              - {atMs: 2.5, card: zcu104-0, event: online}
              - {atMs: 0.000001, card: zcu104-0, event: offline}
              - {atMs: 1, card: zcu104-1, event: slow, factor: 1.5}
              - {atMs: 7, card: zcu104-2, event: added}
            """);
    assertThat(fleet.faults())
        .containsExactly(
            new FaultEvent(1, "zcu104-0", FaultEvent.Kind.OFFLINE, 1),
            new FaultEvent(1_000_000, "zcu104-1", FaultEvent.Kind.SLOW, 1.5),
            new FaultEvent(2_500_000, "zcu104-0", FaultEvent.Kind.ONLINE, 1),
            new FaultEvent(7_000_000, "zcu104-2", FaultEvent.Kind.ADDED, 1));
    assertThat(fleet.cardsAtStart()).extracting(Card::id).containsExactly("zcu104-0", "zcu104-1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | No content",
        "cards: [] | lists no cards",
        "cards: 7 | deserialize",
        "cards: [{platform: zcu102, units: 9}] | units 9",
        "cards: [{platform: zcu102, units: 0}] | units 0",
        "cards: [{platform: v70, perHost: 2}] | perHost 2",
        "cards: [{platform: v70, host: a, perHost: 0}] | perHost 0",
        "cards: [{platform: v70, linkGigabytesPerSecond: 0}] | 0.0 GB/s",
        "cards: [{platform: v70, linkGigabytesPerSecond: 1e9}] | GB/s",
        "{cards: [{platform: v70}], hosts: [{name: a}]} | 'a' without cards",
        "{cards: [{platform: v70}], hosts: [null]} | without cards",
        "{cards: [{platform: v70}], hosts: [{name: host-0}, {name: host-0}]} | second host",
        "{cards: [{platform: v70}], hosts: [{name: host-0, threads: 0}]} | 0 threads",
        "{cards: [{platform: v70}], hosts: [{name: host-0, pcieGigabytesPerSecond: -1}]} | -1.0 GB",
        "cards: [null] | without a platform",
        "cards: [{host: a}] | without a platform",
        "cards: [{platform: zcu999}] | no platform 'zcu999'",
        "cards: [{platform: zcu102, count: 0}] | count 0",
        "cards: [{platform: zcu102, count: 10001}] | count 10001",
        "cards: [{platform: zcu102, count: 2, id: a}] | id 'a' for 2 cards",
        "cards: [{platform: v70, id: a}, {platform: v70, id: a}] | second card 'a'",
        "cards: [{platform: v70, id: v70-0}, {platform: v70}] | second card 'v70-0'",
        "{cards: [{platform: v70}], faults: [{card: v70-0, event: reset}]} | without atMs",
        "{cards: [{platform: v70}], faults: [{atMs: -1, card: v70-0, event: reset}]} | -1.0 ms",
        "{cards: [{platform: v70}], faults: [{atMs: .nan, card: v70-0, event: reset}]} | Malformed",
        "{cards: [{platform: v70}], faults: [{atMs: 1, card: v70-1, event: reset}]} | not listed",
        "{cards: [{platform: v70}], faults: [{atMs: 1, card: v70-0, event: melt}]} | 'melt'",
        "{cards: [{platform: v70}], faults: [{atMs: 1, card: v70-0, event: slow}]} | factor null",
        "{cards: [{platform: v70}], faults: [{atMs: 1, card: v70-0, event: slow, factor: 0.5}]} |"
            + " factor 0.5",
        "{cards: [{platform: v70}], faults: [{atMs: 1, card: v70-0, event: reset, factor: 2}]} |"
            + " factor 2.0",
        "{cards: [{platform: v70}], faults: [{atMs: 1, card: v70-0, event: online}]} | is alive",
        "{cards: [{platform: v70}], faults: [{atMs: 1, card: v70-0, event: offline}, {atMs: 2, card:"
            + " v70-0, event: slow, factor: 2}]} | is dead",
        "{cards: [{platform: v70}], faults: [{atMs: 1, card: v70-0, event: reset}, {atMs: 2, card:"
            + " v70-0, event: added}]} | is absent",
        "cards: [{platform: v70 | line",
        "{cards: [{platform: v70}], other: 1} | other",
      })
  void whatCannotBeIsRefusedWithItsReason(String text, String reason) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            SluiceException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.SLUICE_FLEET_INVALID);
              assertThat(e.thing()).contains(reason);
              assertThat(e.place()).contains("test.yaml");
            });
  }

  @Test
  void filesOverTheBoundAreNotParsed() {
    assertThatThrownBy(() -> read("#".repeat((1 << 20) + 1))).hasMessageContaining("more than");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> FleetFile.read(Path.of("nowhere.yaml")))
        .hasMessageContaining("SLUICE_IO")
        .hasMessageContaining("nowhere.yaml");
  }

  @Test
  void aModelNeedsAUnitOfItsFingerprint() {
    Fleet fleet = FleetFile.standard();
    Fingerprint b4096 = Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096").fingerprint();
    assertThat(fleet.unitsFor(b4096, "m")).hasSize(6);
    assertThatThrownBy(() -> fleet.unitsFor(Fingerprint.parse("0x0901400044000E44"), "m"))
        .hasMessageContaining("VART_DEVICE_MISMATCH")
        .hasMessageContaining("0x0101000056010407");
  }
}
