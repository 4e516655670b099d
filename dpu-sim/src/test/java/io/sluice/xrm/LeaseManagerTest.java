package io.sluice.xrm;

import static io.sluice.fleet.FaultEvent.Kind.ADDED;
import static io.sluice.fleet.FaultEvent.Kind.DRAINED;
import static io.sluice.fleet.FaultEvent.Kind.OFFLINE;
import static io.sluice.fleet.FaultEvent.Kind.ONLINE;
import static io.sluice.fleet.FaultEvent.Kind.RESET;
import static io.sluice.fleet.FaultEvent.Kind.SLOW;
import static io.sluice.xrm.Fleets.demand;
import static io.sluice.xrm.Fleets.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LeaseManagerTest {
  /** Two cards of two units each. */
  private static final Fleet TWO_ZCU104 = Fleets.of("cards: [{platform: zcu104, count: 2}]");

  /** Two cards of one unit each, of which the second joins later. */
  private static final Fleet ONE_V70_MORE_LATER =
      Fleets.of(
          """
          cards: [{platform: v70, count: 2}]
          faults: [{atMs: 1, card: v70-1, event: added}]
          """);

  private final LeaseManager manager = new LeaseManager(TWO_ZCU104);

  @Test
  void slotsSpreadOverCardsFirstThenOverUnitsThenShare() {
    assertThat(join(manager, 6))
        .containsExactly(
            "n#0 zcu104-0/dpu0 1000000",
            "n#1 zcu104-1/dpu0 1000000",
            "n#2 zcu104-0/dpu1 1000000",
            "n#3 zcu104-1/dpu1 1000000",
            "n#0 zcu104-0/dpu0 500000",
            "n#4 zcu104-0/dpu0 500000",
            "n#1 zcu104-1/dpu0 500000",
            "n#5 zcu104-1/dpu0 500000");
  }

  @Test
  void sharesAreRoundedDown() {
    LeaseManager one = new LeaseManager(Fleets.of("cards: [{platform: kv260}]"));
    join(one, 6);
    assertThat(one.demand(0, demand("n", 6)))
        .hasSize(7)
        .allSatisfy(u -> assertThat(u.lease().orElseThrow().shareMillionths()).isEqualTo(142_857));
  }

  @Test
  void anUpdateSaysWhoGetsWhatFromWhenAndWhy() {
    manager.demand(3, demand("detect", 0));
    List<LeaseUpdate> updates = manager.demand(7, demand("detect", 1));
    assertThat(updates)
        .containsExactly(
            new LeaseUpdate(
                new SlotId("detect", 1),
                1,
                1,
                7,
                Optional.of(new Lease("zcu104-1/dpu0", "zcu104-1", "zcu104", Lease.WHOLE_UNIT, 1)),
                false,
                "slot detect#1 joined"));
  }

  @Test
  void theSlotsOfADeadCardAreServedByOthersAndLoseTheirWork() {
    join(manager, 4);
    List<LeaseUpdate> updates = manager.fault(event(5, "zcu104-0", OFFLINE));
    assertThat(text(updates))
        .containsExactly(
            "n#0 zcu104-1/dpu0 500000 lost",
            "n#1 zcu104-1/dpu0 500000",
            "n#2 zcu104-1/dpu1 500000 lost",
            "n#3 zcu104-1/dpu1 500000");
    assertThat(updates)
        .allSatisfy(
            u -> {
              assertThat(u.atNs()).isEqualTo(5);
              assertThat(u.reason()).isEqualTo("card zcu104-0 went offline");
            });
    assertThat(updates).extracting(LeaseUpdate::sequence).containsExactly(4L, 5L, 6L, 7L);
  }

  @Test
  void atTheEndEverySlotGivesBackWhatItHoldsAndIsForgotten() {
    join(manager, 4);
    manager.fault(event(5, "zcu104-0", OFFLINE));
    List<LeaseUpdate> updates = manager.releaseAll();
    assertThat(text(updates)).containsExactly("n#0 none", "n#1 none", "n#2 none", "n#3 none");
    assertThat(updates)
        .allSatisfy(
            u -> {
              assertThat(u.atNs()).isEqualTo(LeaseUpdate.AT_END);
              assertThat(u.reason()).isEqualTo("the job has ended");
            });
    assertThat(manager.held()).isZero();
    assertThat(manager.waiting()).isZero();
    assertThat(manager.state().slots()).isEmpty();
    assertThat(text(manager.demand(LeaseUpdate.AT_END, demand("n", 9))))
        .containsExactly("n#9 zcu104-1/dpu0 1000000");
  }

  @Test
  void theSlotsOfADrainedCardMoveAndKeepTheirWorkUntilItIsBack() {
    join(manager, 4);
    List<LeaseUpdate> updates = manager.fault(event(5, "zcu104-0", DRAINED));
    assertThat(text(updates))
        .containsExactly(
            "n#0 zcu104-1/dpu0 500000",
            "n#1 zcu104-1/dpu0 500000",
            "n#2 zcu104-1/dpu1 500000",
            "n#3 zcu104-1/dpu1 500000");
    assertThat(updates.get(0).reason()).isEqualTo("card zcu104-0 is drained for maintenance");
    assertThatThrownBy(() -> manager.fault(event(6, "zcu104-0", OFFLINE)))
        .hasMessageContaining("while it is drained");
    assertThat(text(manager.fault(event(7, "zcu104-0", ONLINE)))).hasSize(4);
    assertThat(manager.demand(8, demand("n", 4)).get(0).lease().orElseThrow().shareMillionths())
        .isEqualTo(500_000);
  }

  @Test
  void aSlotWaitsWhenNoUnitIsLeftAndIsServedWhenOneIsBack() {
    join(manager, 2);
    manager.fault(event(1, "zcu104-0", OFFLINE));
    List<LeaseUpdate> last = manager.fault(event(2, "zcu104-1", OFFLINE));
    assertThat(text(last)).containsExactly("n#0 none lost", "n#1 none lost");
    assertThat(last.get(0).reason())
        .isEqualTo("card zcu104-1 went offline; no unit of " + Fleets.B4096 + " is alive");
    assertThat(text(manager.demand(3, demand("n", 2)))).containsExactly("n#2 none");
    assertThat(manager.waiting()).isEqualTo(3);

    assertThat(text(manager.fault(event(4, "zcu104-1", ONLINE))))
        .containsExactly(
            "n#0 zcu104-1/dpu0 500000", "n#1 zcu104-1/dpu1 1000000", "n#2 zcu104-1/dpu0 500000");
    assertThat(manager.waiting()).isZero();
  }

  @Test
  void aCardThatIsBackTakesTheLastSlotsOfTheFullestUnits() {
    join(manager, 6);
    manager.fault(event(1, "zcu104-0", OFFLINE));
    // n#1 n#2 n#5 sit on dpu0 of the other card, n#0 n#3 n#4 on its dpu1.
    assertThat(text(manager.fault(event(2, "zcu104-0", ONLINE))))
        .containsExactly(
            "n#0 zcu104-1/dpu1 500000",
            "n#1 zcu104-1/dpu0 500000",
            "n#2 zcu104-1/dpu0 500000",
            "n#3 zcu104-1/dpu1 500000",
            "n#4 zcu104-0/dpu0 1000000",
            "n#5 zcu104-0/dpu1 1000000");
  }

  @Test
  void slotsStayWhenMovingThemBringsNoBalance() {
    join(manager, 1);
    manager.fault(event(1, "zcu104-1", OFFLINE));
    assertThat(manager.fault(event(2, "zcu104-1", ONLINE))).isEmpty();
  }

  @Test
  void aCardIsNotUsedBeforeItIsAdded() {
    LeaseManager later = new LeaseManager(ONE_V70_MORE_LATER);
    later.demand(0, demand("n", 0, Fleets.V70));
    assertThat(text(later.demand(0, demand("n", 1, Fleets.V70))))
        .containsExactly("n#0 v70-0/dpu0 500000", "n#1 v70-0/dpu0 500000");
    assertThat(text(later.fault(event(1, "v70-1", ADDED))))
        .containsExactly("n#0 v70-0/dpu0 1000000", "n#1 v70-1/dpu0 1000000");
  }

  @Test
  void aSlowCardKeepsItsSlotsUntilItsNextEventMakesItFastAgain() {
    join(manager, 2);
    assertThat(manager.fault(event(1, "zcu104-0", SLOW)))
        .singleElement()
        .satisfies(
            u -> {
              assertThat(u.lease().orElseThrow().slowFactor()).isEqualTo(1.5);
              assertThat(u.workLost()).isFalse();
              assertThat(u.reason()).isEqualTo("card zcu104-0 takes 1.5 times as long");
            });
    assertThat(manager.demand(2, demand("n", 2)).get(0).lease().orElseThrow().slowFactor())
        .isEqualTo(1.5);
    assertThat(manager.fault(event(3, "zcu104-0", RESET)))
        .hasSize(2)
        .allSatisfy(u -> assertThat(u.lease().orElseThrow().slowFactor()).isEqualTo(1));
  }

  @Test
  void aResetCardKeepsItsSlotsButNotTheirWork() {
    join(manager, 2);
    assertThat(text(manager.fault(event(1, "zcu104-1", RESET))))
        .containsExactly("n#1 zcu104-1/dpu0 1000000 lost");
  }

  @Test
  void slotsGetOnlyUnitsOfTheirFingerprint() {
    LeaseManager mixed =
        new LeaseManager(Fleets.of("cards: [{platform: v70}, {platform: kv260, count: 2}]"));
    assertThat(text(mixed.demand(0, demand("a", 0)))).containsExactly("a#0 kv260-0/dpu0 1000000");
    assertThat(text(mixed.demand(0, demand("b", 0, Fleets.V70))))
        .containsExactly("b#0 v70-0/dpu0 1000000");
    assertThat(text(mixed.fault(event(1, "v70-0", OFFLINE)))).containsExactly("b#0 none lost");
    assertThat(text(mixed.fault(event(2, "kv260-0", OFFLINE))))
        .containsExactly("a#0 kv260-1/dpu0 1000000 lost");
  }

  @Test
  void everythingIsGrantedAgainInANewEpoch() {
    join(manager, 1);
    manager.fault(event(1, "zcu104-0", SLOW));
    List<LeaseUpdate> again = manager.regrant(2, 9);
    assertThat(again)
        .singleElement()
        .satisfies(
            u -> {
              assertThat(u.epoch()).isEqualTo(2);
              assertThat(u.sequence()).isZero();
              assertThat(u.atNs()).isEqualTo(9);
              assertThat(u.workLost()).isFalse();
              assertThat(u.lease().orElseThrow().slowFactor()).isEqualTo(1.5);
            });
    assertThat(manager.demand(9, demand("n", 1)).get(0).sequence()).isEqualTo(1);
    assertThatThrownBy(() -> manager.regrant(2, 9)).hasMessageContaining("epoch 2 after 2");
  }

  @Test
  void slotsThatWaitAreToldSoInTheNewEpochToo() {
    join(manager, 1);
    manager.fault(event(1, "zcu104-0", OFFLINE));
    manager.fault(event(1, "zcu104-1", OFFLINE));
    assertThat(text(manager.regrant(2, 1))).containsExactly("n#0 none");
  }

  @Test
  void whatCannotBeIsRefusedAndChangesNothing() {
    join(manager, 1);
    ManagerState before = manager.state();
    refused(
        () -> manager.demand(1, demand("m", 0, Fleets.V70)),
        ErrorCode.VART_DEVICE_MISMATCH,
        "model 'm'");
    refused(
        () -> manager.demand(1, demand("n", 0)),
        ErrorCode.SLUICE_DEMAND_INVALID,
        "second demand of slot n#0");
    refused(
        () -> manager.fault(event(1, "zcu104-0", ONLINE)),
        ErrorCode.SLUICE_FLEET_INVALID,
        "ONLINE of card 'zcu104-0' at 1 ns, while it is alive");
    refused(
        () -> manager.fault(event(1, "nobody", RESET)),
        ErrorCode.SLUICE_FLEET_INVALID,
        "which is not listed");
    assertThat(manager.state()).isEqualTo(before);
  }

  @Test
  void timeDoesNotRunBackwards() {
    manager.demand(5, demand("n", 0));
    assertThatThrownBy(() -> manager.demand(4, demand("n", 1)))
        .hasMessageContaining("4 ns after one at 5 ns");
    assertThatThrownBy(() -> manager.fault(event(4, "zcu104-0", RESET)))
        .hasMessageContaining("4 ns");
  }

  @Test
  void theNumberOfSlotsIsBounded() {
    LeaseManager one = new LeaseManager(FleetFile.standard());
    List<ManagerState.SlotEntry> slots = new ArrayList<>();
    for (int i = 0; i < LeaseManager.MAX_SLOTS; i++) {
      slots.add(new ManagerState.SlotEntry(demand("n", i), Optional.of("zcu102-0/dpu0")));
    }
    LeaseManager full =
        LeaseManager.restore(
            FleetFile.standard(), new ManagerState(1, 0, 0, one.state().cards(), slots));
    assertThat(full.regrant(2, 0).get(0).lease().orElseThrow().shareMillionths()).isEqualTo(10);
    refused(() -> full.demand(0, demand("m", 0)), ErrorCode.SLUICE_LIMIT, "m#0 after 100000");
  }

  @Test
  void aStateOfOtherCardsIsRefused() {
    join(manager, 1);
    ManagerState state = manager.state();
    refused(
        () -> LeaseManager.restore(FleetFile.standard(), state),
        ErrorCode.SLUICE_FLEET_INVALID,
        "other cards");
    ManagerState elsewhere =
        new ManagerState(
            1,
            0,
            0,
            state.cards(),
            List.of(new ManagerState.SlotEntry(demand("n", 0), Optional.of("zcu104-9/dpu0"))));
    refused(
        () -> LeaseManager.restore(TWO_ZCU104, elsewhere),
        ErrorCode.SLUICE_FLEET_INVALID,
        "zcu104-9/dpu0");
  }

  private static void refused(ThrowingCallable call, ErrorCode code, String thing) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SluiceException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.thing()).contains(thing);
            });
  }

  /** Slots n#0 ... join at time 0. */
  private static List<String> join(LeaseManager manager, int slots) {
    List<String> said = new ArrayList<>();
    for (int i = 0; i < slots; i++) {
      said.addAll(text(manager.demand(0, demand("n", i))));
    }
    return said;
  }

  private static List<String> text(List<LeaseUpdate> updates) {
    return updates.stream()
        .map(
            u ->
                u.slot()
                    + u.lease().map(l -> " " + l.unit() + " " + l.shareMillionths()).orElse(" none")
                    + (u.workLost() ? " lost" : ""))
        .toList();
  }
}
