package io.sluice.xrm.alloc;

import static io.sluice.xrm.alloc.Allocation.UNTIL_RELEASED;
import static io.sluice.xrm.alloc.Devices.VIDEO;
import static io.sluice.xrm.alloc.Devices.dpu;
import static io.sluice.xrm.alloc.Devices.places;
import static io.sluice.xrm.alloc.Devices.scaler;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Several units at a time: lists, groups, reservations, and what a client leaves behind. */
class ListsAndPoolsTest {
  private static final long CLIENT = 1;

  private static Reply<Allocation> ask(Allocator allocator, Request request) {
    return allocator.allocate(0, CLIENT, request, UNTIL_RELEASED);
  }

  private static void assertRefused(Reply<?> reply, int code, Reason reason) {
    assertThat(reply.code()).as(reply.detail()).isEqualTo(code);
    assertThat(reply.reason()).isEqualTo(reason);
  }

  private static ListRequest listOf(Api api, int size) {
    return new ListRequest(api, Collections.nCopies(size, dpu(1)), false);
  }

  @Test
  void listsAreLimitedByTheVersionOfTheRequest() {
    Allocator allocator = Devices.loaded(1, VIDEO);
    assertRefused(ask(allocator, listOf(Api.V1, 17)), -2, Reason.LIMIT);
    assertRefused(ask(allocator, listOf(Api.V2, 65)), -2, Reason.LIMIT);
    assertRefused(ask(allocator, listOf(Api.V1, 0)), -2, Reason.MALFORMED);
    assertThat(ask(allocator, listOf(Api.V1, 16)).isOk()).isTrue();
    assertThat(ask(allocator, listOf(Api.V2, 64)).isOk()).isTrue();
  }

  @Test
  void version1KnowsNoConstraintsAndNoPolicies() {
    Allocator allocator = Devices.loaded(1, VIDEO);
    for (UnitRequest unit :
        List.of(
            dpu(1).by(Policy.UNIT_MOST_USED),
            dpu(1).on(DeviceConstraint.virtual(0)),
            UnitRequest.of(Selector.kernel("dpu").inBank(0), Load.whole()))) {
      ListRequest list = new ListRequest(Api.V1, List.of(unit), false);
      assertRefused(ask(allocator, list), -2, Reason.MALFORMED);
    }
  }

  @Test
  void aListIsTakenAsAWholeOrNotAtAll() {
    Allocator allocator = Devices.loaded(1, VIDEO);
    AllocatorState before = allocator.state();
    Reply<Allocation> refused =
        ask(allocator, ListRequest.of(dpu(1_000_000), scaler(1), dpu(1_000_000), dpu(1)));
    assertRefused(refused, -4, Reason.NOT_TOGETHER);
    assertThat(allocator.state()).isEqualTo(before);
    Allocation all =
        ask(allocator, ListRequest.of(dpu(1_000_000), scaler(1), dpu(1_000_000))).value();
    assertThat(places(all)).containsExactly("0/0", "0/2", "0/1");
    assertThat(all.only(Selector.alias("resize")).channels()).hasSize(1);
  }

  @Test
  void aListOnOneDeviceSkipsDevicesThatHaveOnlyAPart() {
    Allocator allocator = Devices.loaded(3, VIDEO);
    ask(allocator, scaler(1_000_000)).value();
    ListRequest list = ListRequest.of(dpu(500_000), scaler(500_000));
    assertThat(places(ask(allocator, list).value())).containsExactly("0/0", "1/2");
    assertThat(places(ask(allocator, list.onOneDevice()).value())).containsExactly("1/0", "1/2");
    assertThat(places(ask(allocator, list.onOneDevice()).value())).containsExactly("2/0", "2/2");
    assertThat(places(ask(allocator, list.onOneDevice()).value())).containsExactly("2/0", "2/2");
    assertRefused(ask(allocator, list.onOneDevice()), -4, Reason.BUSY);
  }

  @Test
  void equalVirtualDevicesAreOneAndDifferentOnesAreTwo() {
    Allocator allocator = Devices.loaded(2, VIDEO);
    UnitRequest first = dpu(100_000).on(DeviceConstraint.virtual(7));
    UnitRequest second = dpu(100_000).on(DeviceConstraint.virtual(3));
    ListRequest list = ListRequest.of(first, second, first, dpu(100_000));
    assertThat(places(ask(allocator, list).value())).containsExactly("0/0", "1/0", "0/0", "0/0");
    UnitRequest third = dpu(100_000).on(DeviceConstraint.virtual(5));
    assertRefused(ask(allocator, ListRequest.of(first, second, third)), -4, Reason.NOT_TOGETHER);
    assertRefused(ask(allocator, first), -2, Reason.MALFORMED);
  }

  @Test
  void aGroupGivesItsFirstOptionThatCanBeHad() {
    Allocator allocator = Devices.loaded(1, VIDEO);
    ListRequest both =
        ListRequest.of(
            UnitRequest.of(Selector.unit("dpu:dpu_0"), Load.whole()),
            UnitRequest.of(Selector.unit("dpu:dpu_1"), Load.whole()));
    ListRequest one = ListRequest.of(UnitRequest.of(Selector.unit("dpu:dpu_1"), Load.percent(1)));
    Group group = new Group(Api.V2, "fast or slow", List.of(both, one));
    assertThat(allocator.declare(group).isOk()).isTrue();
    assertRefused(allocator.declare(group), -2, Reason.DECLARED_TWICE);
    GroupRequest request = new GroupRequest("fast or slow", 0);
    Allocation first = ask(allocator, request).value();
    assertThat(places(first)).containsExactly("0/0", "0/1");
    assertRefused(ask(allocator, request), -4, Reason.BUSY);
    allocator.release(0, first.id()).value();
    ask(allocator, dpu(1)).value();
    assertThat(places(ask(allocator, request).value())).containsExactly("0/1");
    allocator.undeclare("fast or slow").value();
    assertRefused(ask(allocator, request), -2, Reason.UNKNOWN);
  }

  @Test
  void groupsAndTheirOptionsAreLimited() {
    Allocator allocator = Devices.loaded(1, VIDEO);
    UnitRequest unit = UnitRequest.of(Selector.unit("dpu:dpu_0"), Load.whole());
    ListRequest option = new ListRequest(Api.V1, List.of(unit), false);
    Group nine = new Group(Api.V1, "nine", Collections.nCopies(9, option));
    assertRefused(allocator.declare(nine), -2, Reason.LIMIT);
    for (int i = 0; i < 32; i++) {
      allocator.declare(new Group(Api.V1, "group " + i, List.of(option))).value();
    }
    assertRefused(allocator.declare(new Group(Api.V1, "more", List.of(option))), -2, Reason.LIMIT);
    ListRequest v2 = ListRequest.of(unit);
    assertThat(allocator.declare(new Group(Api.V2, "more", List.of(v2))).isOk()).isTrue();
    ListRequest unnamed = ListRequest.of(dpu(1));
    assertRefused(
        allocator.declare(new Group(Api.V2, "unnamed", List.of(unnamed))), -2, Reason.MALFORMED);
  }

  @Test
  void aReservationIsDrawnFromByItsIdAndByNothingElse() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(1));
    PoolStatus pool =
        allocator.reserve(0, CLIENT, PoolRequest.lists(2, ListRequest.of(dpu(300_000)))).value();
    assertThat(pool.id()).isEqualTo(1);
    assertThat(pool.holdings()).hasSize(1);
    assertThat(pool.holdings().get(0).reserved()).isEqualTo(600_000);
    assertRefused(ask(allocator, dpu(400_001)), -4, Reason.BUSY);
    Allocation drawn = ask(allocator, dpu(500_000).fromPool(1)).value();
    assertRefused(ask(allocator, dpu(100_001).fromPool(1)), -4, Reason.BUSY);
    assertRefused(ask(allocator, dpu(1).fromPool(2)), -2, Reason.UNKNOWN);
    UnitStatus unit = allocator.unit(0, 0).value();
    assertThat(unit.usedLoad()).isZero();
    assertThat(unit.reservedLoad()).isEqualTo(600_000);
    assertThat(unit.reservedUsedLoad()).isEqualTo(500_000);
    allocator.release(0, drawn.id()).value();
    assertThat(ask(allocator, dpu(600_000).fromPool(1)).isOk()).isTrue();
  }

  @Test
  void whatIsDrawnFromAReservationOutlivesIt() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(1));
    allocator.reserve(0, CLIENT, PoolRequest.lists(1, ListRequest.of(dpu(1_000_000)))).value();
    Allocation drawn = ask(allocator, dpu(300_000).fromPool(1)).value();
    allocator.relinquish(0, CLIENT, 1).value();
    assertThat(allocator.unit(0, 0).value().freeLoad()).isEqualTo(700_000);
    assertThat(allocator.unit(0, 0).value().usedLoad()).isEqualTo(300_000);
    allocator.release(0, drawn.id()).value();
    assertThat(allocator.unit(0, 0).value().freeLoad()).isEqualTo(1_000_000);
  }

  @Test
  void aReservationTakesDevicesThenImagesThenListsOrNothing() {
    Allocator allocator = Devices.loaded(4, Devices.dpus(2));
    ListRequest list = ListRequest.of(dpu(600_000));
    PoolRequest request = new PoolRequest(Api.V2, List.of(2), "uuid-2", 1, Optional.of(list), 2);
    PoolStatus pool = allocator.reserve(0, CLIENT, request).value();
    assertThat(pool.devices()).containsExactly(0, 1, 2);
    assertThat(pool.holdings())
        .extracting(PoolStatus.Holding::reserved)
        .containsExactly(1_000_000, 1_000_000, 600_000, 600_000, 1_000_000, 1_000_000);
    AllocatorState before = allocator.state();
    PoolRequest tooMuch = new PoolRequest(Api.V2, List.of(3), "uuid-2", 1, Optional.of(list), 2);
    assertRefused(allocator.reserve(0, CLIENT, tooMuch), -3, Reason.BUSY);
    assertRefused(allocator.reserve(0, CLIENT, PoolRequest.devices(List.of(0))), -32, Reason.BUSY);
    assertThat(allocator.state()).isEqualTo(before);
  }

  @Test
  void reservationsAreLimited() {
    Allocator allocator = Devices.loaded(1, VIDEO);
    ListRequest list = listOf(Api.V2, 17);
    assertRefused(allocator.reserve(0, CLIENT, PoolRequest.lists(8, list)), -2, Reason.LIMIT);
    assertThat(allocator.reserve(0, CLIENT, PoolRequest.lists(7, list)).isOk()).isTrue();
    ListRequest short9 = listOf(Api.V2, 1);
    assertRefused(allocator.reserve(0, CLIENT, PoolRequest.lists(9, short9)), -2, Reason.LIMIT);
    ListRequest nested = ListRequest.of(dpu(1).fromPool(1));
    assertRefused(allocator.reserve(0, CLIENT, PoolRequest.lists(1, nested)), -2, Reason.MALFORMED);
  }

  @Test
  void aClientThatGoesLeavesNothingBehind() {
    Allocator allocator = Devices.loaded(2, VIDEO);
    AllocatorState before = allocator.state();
    long guest = allocator.connect("guest", "tenant").value();
    allocator.reserve(0, guest, PoolRequest.lists(2, ListRequest.of(dpu(400_000)))).value();
    allocator.allocate(0, guest, dpu(100_000).fromPool(1), UNTIL_RELEASED).value();
    Allocation kept = ask(allocator, dpu(100_000).fromPool(1)).value();
    allocator
        .allocate(0, guest, dpu(1).exclusively().on(DeviceConstraint.device(1)), UNTIL_RELEASED)
        .value();
    Released released = allocator.disconnect(0, guest).value();
    assertThat(released.pools()).containsExactly(1L);
    assertThat(released.allocations()).hasSize(2);
    assertThat(allocator.services()).containsExactly(kept);
    assertThat(allocator.unit(0, 0).value().freeLoad()).isEqualTo(900_000);
    assertThat(allocator.unit(0, 0).value().channelsInUse()).isEqualTo(1);
    allocator.release(0, kept.id()).value();
    assertThat(allocator.state().devices()).isEqualTo(before.devices());
    assertThat(allocator.available(CLIENT, dpu(1_000_000), 9).value()).isEqualTo(4);
  }

  @Test
  void availableListsGroupsAndReservationsAreCounted() {
    Allocator allocator = Devices.loaded(2, VIDEO);
    ListRequest list = ListRequest.of(dpu(1_000_000), scaler(500_000)).onOneDevice();
    assertThat(allocator.available(CLIENT, list, 100).value()).isEqualTo(4);
    assertThat(allocator.available(CLIENT, list, 3).value()).isEqualTo(3);
    assertThat(allocator.available(CLIENT, PoolRequest.lists(2, list), 100).value()).isEqualTo(2);
    assertThat(allocator.available(CLIENT, PoolRequest.images(1, VIDEO.uuid()), 100).value())
        .isEqualTo(2);
    assertThat(allocator.services()).isEmpty();
  }
}
