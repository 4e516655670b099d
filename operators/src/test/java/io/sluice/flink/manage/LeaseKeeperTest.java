package io.sluice.flink.manage;

import static io.sluice.flink.manage.Asks.MS;
import static io.sluice.flink.manage.Asks.release;
import static io.sluice.flink.manage.Asks.request;
import static io.sluice.flink.manage.KeeperHarness.CLIENT;
import static io.sluice.flink.manage.KeeperHarness.TERM_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.fleet.Fleet;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import io.sluice.xrm.Demand;
import io.sluice.xrm.LeaseUpdate;
import io.sluice.xrm.SlotId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client of a shared fleet, with a manager of two units. */
@SuppressWarnings("try") // The close() of a harness may be interrupted.
class LeaseKeeperTest {
  private static final long THIRD_MS = TERM_MS / 3;

  private final Fleet fleet = Asks.fleet("cards: [{platform: kv260, count: 2}]");
  private final FleetBroker broker =
      new FleetBroker(fleet, new BrokerSettings(10 * TERM_MS * MS, Map.of()));
  private final Map<Integer, String> held = new TreeMap<>();
  private KeeperHarness keeper;
  private long nowMs;
  private int asked;

  @BeforeEach
  void start() throws Exception {
    keeper = keeper(2, null);
  }

  @AfterEach
  void end() throws Exception {
    keeper.close();
  }

  private KeeperHarness keeper(int slots, OperatorSubtaskState state) throws Exception {
    return new KeeperHarness(demands("net", slots), state);
  }

  private List<Demand> demands(String node, int slots) {
    return IntStream.range(0, slots)
        .mapToObj(slot -> new Demand(new SlotId(node, slot), fleet.units().get(0).fingerprint()))
        .toList();
  }

  /** Lets the manager answer until the keeper has no more to ask at this time. */
  private void talk(long atMs) throws Exception {
    nowMs = atMs;
    keeper.atMs(atMs);
    List<ManagerRequest> requests = keeper.asked();
    for (int turn = 0; !requests.isEmpty(); turn++) {
      assertThat(turn).as("turns without an end").isLessThan(10);
      for (ManagerRequest request : requests) {
        asked++;
        hear(broker.ask(atMs * MS, request));
      }
      requests = keeper.asked();
    }
  }

  private void hear(List<ManagerReply> replies) throws Exception {
    for (ManagerReply reply : replies) {
      keeper.hears(reply);
    }
    for (LeaseUpdate update : keeper.told()) {
      update
          .lease()
          .ifPresentOrElse(
              lease -> held.put(update.slot().index(), lease.card()),
              () -> held.remove(update.slot().index()));
    }
  }

  /** What the manager lists as the job's own. */
  private List<Long> services() {
    ManagerRequest renew = request(CLIENT, "look", FleetBroker.RENEW).build();
    return broker.ask(nowMs * MS, renew).get(0).getServices();
  }

  @Test
  void everySlotGetsAUnitAndKeepsItByRenewingThriceATerm() throws Exception {
    for (long ms = 0; ms <= 10 * TERM_MS; ms += THIRD_MS) {
      talk(ms);
      assertThat(held).containsOnlyKeys(0, 1);
    }
    assertThat(asked).isEqualTo(2 + 31);
  }

  @Test
  void theNodesOfAJobTakeTurnsToAsk() throws Exception {
    List<Demand> two = new ArrayList<>(demands("a", 2));
    two.addAll(demands("b", 2));
    keeper.close();
    keeper = new KeeperHarness(two, null);
    keeper.atMs(0);
    assertThat(keeper.allocations()).containsExactly("a#0", "b#0", "a#1", "b#1");
  }

  @Test
  void aRequestThatTheManagerRefusesIsAskedAnewOnceInAThirdOfATermUntilItIsGranted()
      throws Exception {
    keeper.atMs(0);
    assertThat(keeper.allocations()).containsExactly("net#0", "net#1");
    refuse("net#0", 0);
    refuse("net#1", 1);
    for (int refused = 1; refused < 4; refused++) {
      keeper.atMs(refused * THIRD_MS - 1);
      assertThat(keeper.allocations()).isEmpty();
      keeper.atMs(refused * THIRD_MS);
      List<String> again = List.of("net#0 again " + refused, "net#1 again " + refused);
      assertThat(keeper.allocations()).isEqualTo(again);
      refuse(again.get(0), 2 * refused);
      refuse(again.get(1), 2 * refused + 1);
    }
    assertThat(keeper.told()).hasSize(8).allMatch(update -> update.lease().isEmpty());
    talk(4 * THIRD_MS);
    assertThat(held).containsOnlyKeys(0, 1);
    asked = 0;
    talk(5 * THIRD_MS);
    assertThat(asked).as("it renews only").isOne();
  }

  private void refuse(String id, long sequence) throws Exception {
    keeper.hears(
        ManagerReply.newBuilder()
            .setRequestId(id)
            .setClient(CLIENT)
            .setName(FleetBroker.ALLOC)
            .setStatus("failed")
            .setEpoch(1)
            .setSequence(sequence - 100)
            .setUnits(List.of())
            .build());
  }

  @Test
  void aGrantThatSomebodyElseReleasesIsAskedForAsAnotherRequest() throws Exception {
    talk(0);
    broker.ask(1, release(CLIENT, "by hand", services().get(0)));
    talk(THIRD_MS);
    assertThat(held).containsOnlyKeys(0, 1);
    assertThat(services()).hasSize(2);
  }

  @Test
  void aJobThatWasSilentForTooLongGetsItsUnitsAgain() throws Exception {
    talk(0);
    nowMs = 100 * TERM_MS;
    hear(broker.proceedTo(nowMs * MS));
    assertThat(held).isEmpty();
    talk(nowMs);
    assertThat(held).containsOnlyKeys(0, 1);
    assertThat(broker.held()).isEqualTo(2);
  }

  @Test
  void aRestoredJobIsToldWhatItHoldsAlsoUnderALaterRequest() throws Exception {
    talk(0);
    broker.ask(1, release(CLIENT, "by hand", services().get(0)));
    talk(THIRD_MS);
    List<Long> before = services();
    Map<Integer, String> cards = Map.copyOf(held);
    OperatorSubtaskState state = keeper.snapshot();
    keeper.close();
    held.clear();

    keeper = keeper(2, state);
    talk(2 * THIRD_MS);
    assertThat(held).isEqualTo(cards);
    assertThat(services()).isEqualTo(before);
    assertThat(broker.held() + broker.waiting()).isEqualTo(2);
  }

  @Test
  void whatNoSlotOfARestoredJobKnowsOfIsGivenBack() throws Exception {
    talk(0);
    OperatorSubtaskState state = keeper.snapshot();
    keeper.close();
    held.clear();

    keeper = keeper(1, state);
    talk(THIRD_MS);
    talk(2 * THIRD_MS);
    assertThat(held).containsOnlyKeys(0);
    assertThat(broker.held()).isOne();
  }
}
