package io.sluice.xrm.alloc;

import static io.sluice.xrm.alloc.Allocation.UNTIL_RELEASED;
import static io.sluice.xrm.alloc.Devices.dpu;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who is served when, and who is not. */
class WaitingRoomTest {
  private static final long CLIENT = 1;
  private static final long AHEAD_NS = 100_000_000;
  private static final UnitRequest WHOLE = dpu(1_000_000);

  private static Wish wish(long client, Request request, int priority) {
    return new Wish(client, request, priority, UNTIL_RELEASED, 1000);
  }

  private static List<Long> granted(List<Outcome> outcomes) {
    return outcomes.stream().filter(o -> o.reply().isOk()).map(Outcome::ticket).toList();
  }

  @Test
  void aTenantIsServedByPriorityThenInTheOrderOfArrival() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(1));
    WaitingRoom room = new WaitingRoom(allocator, FairShares.of(Map.of(), AHEAD_NS));
    for (int priority : List.of(0, 0, 5)) {
      room.submit(0, wish(CLIENT, WHOLE, priority)).value();
    }
    for (long expected : List.of(3L, 1L, 2L)) {
      List<Outcome> outcomes = room.serve(0);
      assertThat(granted(outcomes)).containsExactly(expected);
      allocator.release(0, outcomes.get(0).reply().value().id()).value();
    }
    assertThat(room.waiting()).isZero();
  }

  @Test
  void whoWaitsTooLongIsToldWhy() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(1));
    WaitingRoom room = new WaitingRoom(allocator, FairShares.of(Map.of(), AHEAD_NS));
    room.submit(0, wish(CLIENT, WHOLE, 0)).value();
    room.submit(0, wish(CLIENT, WHOLE, 0)).value();
    assertThat(room.serve(0)).hasSize(1);
    assertThat(room.nextEventNs()).hasValue(1000);
    assertThat(room.serve(999)).isEmpty();
    Outcome late = room.serve(1000).get(0);
    assertThat(late.ticket()).isEqualTo(2);
    assertThat(late.reply().code()).isEqualTo(-4);
    assertThat(late.reply().reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(late.reply().detail()).contains("BUSY");
  }

  @Test
  void whatNoImageHasIsRefusedAtOnceAndAMalformedWishGetsNoTicket() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(1));
    WaitingRoom room = new WaitingRoom(allocator, FairShares.of(Map.of(), AHEAD_NS));
    UnitRequest encoder = UnitRequest.of(Selector.kernel("encoder"), Load.whole());
    room.submit(0, wish(CLIENT, encoder, 0)).value();
    assertThat(room.serve(0).get(0).reply().reason()).isEqualTo(Reason.NO_SUCH_KERNEL);
    UnitRequest malformed = UnitRequest.of(Selector.kernel("dpu"), new Load(0, 0));
    assertThat(room.submit(0, wish(CLIENT, malformed, 0)).code()).isEqualTo(-2);
  }

  @Test
  void aWishOfAClientThatWentIsRefused() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(1));
    WaitingRoom room = new WaitingRoom(allocator, FairShares.of(Map.of(), AHEAD_NS));
    room.submit(0, wish(CLIENT, WHOLE, 0)).value();
    allocator.disconnect(0, CLIENT).value();
    assertThat(room.serve(0).get(0).reply().reason()).isEqualTo(Reason.UNKNOWN);
    assertThat(room.waiting()).isZero();
  }

  @Test
  void aLargeWishIsNotOvertakenForEver() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(2));
    long other = allocator.connect("other", "small").value();
    WaitingRoom room = new WaitingRoom(allocator, new FairShares(Map.of(), 1, 100));
    Allocation held = allocator.allocate(0, other, WHOLE, UNTIL_RELEASED).value();
    ListRequest both = ListRequest.of(WHOLE, WHOLE);
    long large = room.submit(0, wish(CLIENT, both, 0)).value();
    room.serve(0);
    long first = room.submit(1, wish(other, WHOLE, 0)).value();
    List<Outcome> overtaken = room.serve(1);
    assertThat(granted(overtaken)).containsExactly(first);
    allocator.release(50, overtaken.get(0).reply().value().id()).value();
    long second = room.submit(100, wish(other, WHOLE, 0)).value();
    assertThat(room.serve(100)).isEmpty();
    allocator.release(150, held.id()).value();
    assertThat(granted(room.serve(150))).containsExactly(large);
    assertThat(room.cancel(second)).isTrue();
  }

  /** A lease that ends, and how much it was. */
  private record End(long atNs, Allocation allocation, String tenant) {}

  @Test
  void eightTenantsGetTheirSharesAlthoughOneIsGreedy() {
    Allocator allocator = Devices.loaded(4, Devices.dpus(4));
    Map<String, Integer> weights = new TreeMap<>();
    Map<String, Long> clients = new TreeMap<>();
    for (int i = 0; i < 8; i++) {
      weights.put("tenant-" + i, 1 + i % 4);
      clients.put("tenant-" + i, allocator.connect("c" + i, "tenant-" + i).value());
    }
    WaitingRoom room = new WaitingRoom(allocator, new FairShares(weights, 10_000, 2_000));
    Random random = new Random(7);
    Map<Long, String> tenantOf = new HashMap<>();
    Map<String, Double> used = new TreeMap<>();
    PriorityQueue<End> ends =
        new PriorityQueue<>(
            Comparator.comparingLong(End::atNs)
                .thenComparingLong(e -> e.allocation().id().service()));
    // The greedy tenant asks for 50 times as much at a time and holds it three times as long.
    clients.forEach(
        (tenant, client) -> {
          int wishes = tenant.equals("tenant-0") ? 2000 : 40;
          for (int i = 0; i < wishes; i++) {
            tenantOf.put(submit(room, 0, client, random), tenant);
          }
        });
    long nowNs = 0;
    while (nowNs < 20_000_000) {
      for (Outcome outcome : room.serve(nowNs)) {
        String tenant = tenantOf.remove(outcome.ticket());
        long holdNs = 5_000L + random.nextInt(10_000);
        long endNs = nowNs + (tenant.equals("tenant-0") ? 3 * holdNs : holdNs);
        ends.add(new End(endNs, outcome.reply().value(), tenant));
        tenantOf.put(submit(room, nowNs, clients.get(tenant), random), tenant);
      }
      End end = ends.remove();
      nowNs = end.atNs();
      Allocation over = allocator.release(nowNs, end.allocation().id()).value();
      used.merge(end.tenant(), (double) over.load() * (nowNs - over.grantedAtNs()), Double::sum);
    }
    double all = used.values().stream().mapToDouble(Double::doubleValue).sum();
    double weight = weights.values().stream().mapToInt(Integer::intValue).sum();
    used.forEach(
        (tenant, load) -> {
          double share = weights.get(tenant) / weight;
          assertThat(load / all).as(tenant).isCloseTo(share, within(0.05 * share));
        });
  }

  private static long submit(WaitingRoom room, long atNs, long client, Random random) {
    UnitRequest request = dpu(random.nextBoolean() ? 500_000 : 1_000_000);
    return room.submit(atNs, new Wish(client, request, 0, UNTIL_RELEASED, UNTIL_RELEASED)).value();
  }

  @Test
  void whoWasAwayDoesNotSaveUp() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(1));
    long back = allocator.connect("back", "away").value();
    WaitingRoom room = new WaitingRoom(allocator, new FairShares(Map.of(), 10, 1000));
    int grantsOfBack = 0;
    for (int i = 0; i < 300; i++) {
      room.submit(i, new Wish(CLIENT, WHOLE, 0, UNTIL_RELEASED, UNTIL_RELEASED)).value();
      if (i >= 200) {
        room.submit(i, new Wish(back, WHOLE, 0, UNTIL_RELEASED, UNTIL_RELEASED)).value();
      }
      LeaseId lease = room.serve(i).get(0).reply().value().id();
      grantsOfBack += lease.client() == back ? 1 : 0;
      allocator.release(i + 1, lease).value();
    }
    assertThat(grantsOfBack).isBetween(49, 51);
  }

  @Test
  void aRestoredRoomGoesOnAsTheOneBefore() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(1));
    FairShares shares = FairShares.of(Map.of(), AHEAD_NS);
    WaitingRoom room = new WaitingRoom(allocator, shares);
    room.submit(0, wish(CLIENT, WHOLE, 0)).value();
    room.submit(0, wish(CLIENT, WHOLE, 0)).value();
    room.serve(0);
    Allocator restored = Allocator.restore(allocator.state(), 2, 10);
    WaitingRoom again = WaitingRoom.restore(room.state(), restored, shares);
    assertThat(again.state()).isEqualTo(room.state());
    restored.release(20, restored.service(1).value().id()).value();
    assertThat(granted(again.serve(20))).containsExactly(2L);
  }

  @Test
  void whoDoesNotWaitIsToldAtOnceWhatIsMissing() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(1));
    WaitingRoom room = new WaitingRoom(allocator, FairShares.of(Map.of(), AHEAD_NS));
    room.submit(0, wish(CLIENT, WHOLE, 0)).value();
    room.submit(0, new Wish(CLIENT, dpu(1), 0, UNTIL_RELEASED, 0)).value();
    assertThat(room.serve(0))
        .extracting(outcome -> outcome.reply().reason())
        .containsExactly(Reason.NONE, Reason.BUSY);
  }

  @Test
  void nothingIsKeptForAWishThatWouldNotFitIfNobodyHeldAnything() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(2));
    WaitingRoom room = new WaitingRoom(allocator, new FairShares(Map.of(), 500, 100));
    long impossible = room.submit(0, wish(CLIENT, ListRequest.of(WHOLE, WHOLE, WHOLE), 0)).value();
    room.serve(0);
    long small = room.submit(200, wish(CLIENT, WHOLE, 0)).value();
    assertThat(granted(room.serve(200))).containsExactly(small);
    assertThat(room.cancel(impossible)).isTrue();
  }

  @Test
  void aWishThatCannotBeServedDoesNotKeepTheNextFromItsTurn() {
    UnitRequest scale = UnitRequest.of(Selector.kernel("scaler"), Load.whole());
    Allocator allocator = Devices.loaded(1, Devices.VIDEO);
    long other = allocator.connect("other", "other tenant").value();
    WaitingRoom room = new WaitingRoom(allocator, new FairShares(Map.of(), 1, 100));
    Allocation scaler = allocator.allocate(0, other, scale, UNTIL_RELEASED).value();
    Allocation held = allocator.allocate(0, other, WHOLE, UNTIL_RELEASED).value();
    room.submit(0, wish(CLIENT, scale, 1)).value();
    long large = room.submit(0, wish(CLIENT, ListRequest.of(WHOLE, WHOLE), 0)).value();
    room.serve(0);
    room.submit(100, wish(other, WHOLE, 0)).value();
    assertThat(room.serve(100)).isEmpty();
    allocator.release(150, held.id()).value();
    assertThat(granted(room.serve(150))).containsExactly(large);
    assertThat(allocator.service(scaler.id().service()).isOk()).isTrue();
  }

  @Test
  void whoHasMoreThanItsShareYieldsToOneThatWaitsForTheSame() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(2));
    long other = allocator.connect("other", "other tenant").value();
    WaitingRoom room = new WaitingRoom(allocator, FairShares.of(Map.of(), 1000));
    allocator.allocate(0, CLIENT, WHOLE, UNTIL_RELEASED).value();
    Allocation second = allocator.allocate(0, CLIENT, WHOLE, UNTIL_RELEASED).value();
    assertThat(room.shouldYield(10, CLIENT, WHOLE, 1_000_000)).isFalse();
    long ticket = room.submit(10, wish(other, WHOLE, 0)).value();
    assertThat(room.serve(10)).isEmpty();
    assertThat(room.shouldYield(10, CLIENT, Devices.scaler(1), 1)).isFalse();
    assertThat(room.shouldYield(10, CLIENT, WHOLE, 1_000_000)).isTrue();
    allocator.release(10, second.id()).value();
    assertThat(granted(room.serve(10))).containsExactly(ticket);
    assertThat(room.shouldYield(10, CLIENT, WHOLE, 1_000_000)).isFalse();
  }

  @Test
  void aUnitThatTwoTenantsWantIsTheirsInTurns() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(1));
    List<Long> clients = List.of(CLIENT, allocator.connect("other", "other tenant").value());
    WaitingRoom room = new WaitingRoom(allocator, FairShares.of(Map.of(), 1000));
    Map<Long, Long> hadNs = new HashMap<>();
    clients.forEach(client -> submitForEver(room, 0, client));
    Allocation held = room.serve(0).get(0).reply().value();
    for (long nowNs = 100; nowNs <= 100_000; nowNs += 100) {
      long client = held.id().client();
      hadNs.merge(client, 100L, Long::sum);
      if (room.shouldYield(nowNs, client, WHOLE, held.load())) {
        allocator.release(nowNs, held.id()).value();
        held = room.serve(nowNs).get(0).reply().value();
        assertThat(held.id().client()).isNotEqualTo(client);
        submitForEver(room, nowNs, client);
      }
    }
    assertThat(hadNs.get(CLIENT)).isBetween(48_000L, 52_000L);
  }

  private static void submitForEver(WaitingRoom room, long atNs, long client) {
    room.submit(atNs, new Wish(client, WHOLE, 0, UNTIL_RELEASED, UNTIL_RELEASED)).value();
  }

  @Test
  void holdersYieldToALargeWishForWhichTheirsIsKept() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(4));
    long other = allocator.connect("other", "other tenant").value();
    WaitingRoom room = new WaitingRoom(allocator, new FairShares(Map.of(), 1000, 100));
    for (int i = 0; i < 4; i++) {
      allocator.allocate(0, CLIENT, WHOLE, UNTIL_RELEASED).value();
    }
    long large = room.submit(0, wish(other, ListRequest.of(WHOLE, WHOLE), 0)).value();
    room.serve(0);
    assertThat(room.shouldYield(99, CLIENT, WHOLE, 1_000_000)).isFalse();
    for (int unit = 0; unit < 2; unit++) {
      assertThat(room.shouldYield(100, CLIENT, WHOLE, 1_000_000)).isTrue();
      allocator.release(100, allocator.services().get(0).id()).value();
      room.submit(100, wish(CLIENT, WHOLE, 0)).value();
      assertThat(granted(room.serve(100))).isEqualTo(unit == 0 ? List.of() : List.of(large));
    }
    assertThat(room.shouldYield(100, CLIENT, WHOLE, 1_000_000)).isFalse();
  }

  @Test
  void manyEqualWishesCostAsMuchAsOne() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(1));
    WaitingRoom room = new WaitingRoom(allocator, FairShares.of(Map.of(), AHEAD_NS));
    for (int i = 0; i < 100_000; i++) {
      submitForEver(room, 0, CLIENT);
    }
    for (long ticket = 1; ticket <= 1000; ticket++) {
      List<Outcome> outcomes = room.serve(ticket);
      assertThat(granted(outcomes)).containsExactly(ticket);
      allocator.release(ticket, outcomes.get(0).reply().value().id()).value();
    }
    assertThat(room.waiting()).isEqualTo(99_000);
  }

  @Test
  void aTenantIsForgottenWhenItHasNoClientsAndWaitsForNothing() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(1));
    WaitingRoom room = new WaitingRoom(allocator, FairShares.of(Map.of(), AHEAD_NS));
    for (int i = 0; i < 100; i++) {
      long client = allocator.connect("c" + i, "tenant " + i).value();
      room.submit(i, wish(client, WHOLE, 0)).value();
      room.serve(i);
      allocator.disconnect(i, client).value();
    }
    assertThat(room.state().tenants()).hasSizeLessThanOrEqualTo(2);
    assertThat(allocator.state().accounts()).hasSize(1);
  }
}
