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
    WaitingRoom room = new WaitingRoom(allocator, FairShares.of(Map.of()));
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
    WaitingRoom room = new WaitingRoom(allocator, FairShares.of(Map.of()));
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
    WaitingRoom room = new WaitingRoom(allocator, FairShares.of(Map.of()));
    UnitRequest encoder = UnitRequest.of(Selector.kernel("encoder"), Load.whole());
    room.submit(0, wish(CLIENT, encoder, 0)).value();
    assertThat(room.serve(0).get(0).reply().reason()).isEqualTo(Reason.NO_SUCH_KERNEL);
    UnitRequest malformed = UnitRequest.of(Selector.kernel("dpu"), new Load(0, 0));
    assertThat(room.submit(0, wish(CLIENT, malformed, 0)).code()).isEqualTo(-2);
  }

  @Test
  void aWishOfAClientThatWentIsRefused() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(1));
    WaitingRoom room = new WaitingRoom(allocator, FairShares.of(Map.of()));
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
    FairShares shares = FairShares.of(Map.of());
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
}
