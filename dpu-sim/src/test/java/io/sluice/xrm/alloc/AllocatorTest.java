package io.sluice.xrm.alloc;

import static io.sluice.xrm.alloc.Allocation.UNTIL_RELEASED;
import static io.sluice.xrm.alloc.Devices.VIDEO;
import static io.sluice.xrm.alloc.Devices.dpu;
import static io.sluice.xrm.alloc.Devices.places;
import static io.sluice.xrm.alloc.Devices.scaler;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.target.Fingerprint;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One unit at a time: loads, constraints, policies, exclusivity, reasons, leases. */
class AllocatorTest {
  private static final long CLIENT = 1;

  private static Reply<Allocation> ask(Allocator allocator, long client, Request request) {
    return allocator.allocate(0, client, request, UNTIL_RELEASED);
  }

  private static Allocation take(Allocator allocator, Request request) {
    return ask(allocator, CLIENT, request).value();
  }

  private static void assertRefused(Reply<?> reply, int code, Reason reason) {
    assertThat(reply.code()).as(reply.detail()).isEqualTo(code);
    assertThat(reply.reason()).isEqualTo(reason);
    assertThat(reply.detail()).isNotEmpty();
  }

  @Test
  void fiftyPercentAreFiveHundredThousandMillionths() {
    assertThat(Load.percent(50).unified()).hasValue(500_000);
    assertThat(Load.unpack(50).unified()).hasValue(500_000);
    assertThat(Load.unpack(500_000 << 8).unified()).hasValue(500_000);
  }

  @Test
  void aLoadInBothMeasuresOrNoneOrOutOfRangeIsInvalid() {
    Allocator allocator = Devices.loaded(1, VIDEO);
    for (Load load :
        List.of(
            new Load(50, 500_000),
            new Load(0, 0),
            Load.percent(101),
            Load.millionths(1_000_001),
            Load.percent(-1),
            Load.millionths(-1),
            Load.percent(Integer.MAX_VALUE))) {
      UnitRequest request = UnitRequest.of(Selector.kernel("dpu"), load);
      assertRefused(ask(allocator, CLIENT, request), -2, Reason.MALFORMED);
    }
  }

  @Test
  void aRequestWithoutANameIsInvalid() {
    Allocator allocator = Devices.loaded(1, VIDEO);
    UnitRequest request = UnitRequest.of(Selector.kernel(""), Load.whole());
    assertRefused(ask(allocator, CLIENT, request), -2, Reason.MALFORMED);
  }

  @Test
  void aUnitIsFullAtOneMillion() {
    Allocator allocator = Devices.loaded(1, Devices.dpus(1));
    take(allocator, dpu(600_000));
    assertRefused(ask(allocator, CLIENT, dpu(400_001)), -4, Reason.BUSY);
    assertThat(ask(allocator, CLIENT, dpu(400_000)).code()).isZero();
    assertThat(allocator.unit(0, 0).value().usedLoad()).isEqualTo(1_000_000);
  }

  @Test
  void unitsInUseAreFilledBeforeIdleOnes() {
    Allocator allocator = Devices.loaded(2, VIDEO);
    UnitRequest second = dpu(300_000).on(DeviceConstraint.device(1));
    assertThat(places(take(allocator, second))).containsExactly("1/0");
    assertThat(places(take(allocator, dpu(700_000)))).containsExactly("1/0");
    assertThat(places(take(allocator, dpu(1)))).containsExactly("0/0");
  }

  @Test
  void unitsAreKnownByNameAliasUnitNameFingerprintAndBank() {
    Allocator allocator = Devices.loaded(2, VIDEO);
    Load some = Load.percent(10);
    assertThat(places(take(allocator, UnitRequest.of(Selector.alias("resize"), some))))
        .containsExactly("0/2");
    assertThat(places(take(allocator, UnitRequest.of(Selector.unit("dpu:dpu_1"), some))))
        .containsExactly("0/1");
    assertThat(places(take(allocator, UnitRequest.of(Selector.fingerprint(Devices.DPU), some))))
        .containsExactly("0/1");
    assertThat(places(take(allocator, UnitRequest.of(Selector.kernel("scaler").inBank(1), some))))
        .containsExactly("0/2");
    assertRefused(
        ask(allocator, CLIENT, UnitRequest.of(Selector.kernel("dpu").inBank(1), some)),
        -4,
        Reason.NO_SUCH_KERNEL);
  }

  /** Units 0/0, 0/1, 1/0 and 1/1 used by 20, 60, 10 and 0 percent. */
  private static Allocator partlyUsed() {
    Allocator allocator = Devices.loaded(2, VIDEO);
    int[][] loads = {{0, 0, 20}, {0, 1, 60}, {1, 0, 10}};
    for (int[] load : loads) {
      Selector unit = Selector.unit("dpu:dpu_" + load[1]);
      take(
          allocator,
          UnitRequest.of(unit, Load.percent(load[2])).on(DeviceConstraint.device(load[0])));
    }
    return allocator;
  }

  @Test
  void eachPolicyTakesItsUnit() {
    UnitRequest tenth = dpu(100_000);
    assertThat(places(take(partlyUsed(), tenth))).containsExactly("0/0");
    assertThat(places(take(partlyUsed(), tenth.by(Policy.UNIT_MOST_USED)))).containsExactly("0/1");
    assertThat(places(take(partlyUsed(), tenth.by(Policy.UNIT_LEAST_USED)))).containsExactly("1/0");
    assertThat(places(take(partlyUsed(), tenth.by(Policy.DEVICE_MOST_USED))))
        .containsExactly("0/0");
    assertThat(places(take(partlyUsed(), tenth.by(Policy.DEVICE_LEAST_USED))))
        .containsExactly("1/0");
    assertThat(places(take(partlyUsed(), tenth.by(Policy.LEAST_LOADED)))).containsExactly("1/1");
  }

  @Test
  void mostUsedTakesTheHighestLoadThatStillFits() {
    UnitRequest half = dpu(500_000).by(Policy.UNIT_MOST_USED);
    assertThat(places(take(partlyUsed(), half))).containsExactly("0/0");
    UnitRequest rest = dpu(900_000).by(Policy.DEVICE_MOST_USED);
    assertThat(places(take(partlyUsed(), rest))).containsExactly("1/0");
  }

  @Test
  void aUnitHasOnlySoManyChannels() {
    Allocator allocator = Devices.loaded(1, VIDEO);
    take(allocator, scaler(1));
    Allocation second = take(allocator, scaler(1));
    assertRefused(ask(allocator, CLIENT, scaler(1)), -5, Reason.NO_CHANNEL);
    allocator.release(0, second.id()).value();
    assertThat(take(allocator, scaler(1)).channels().get(0).channel()).isEqualTo(1);
  }

  @Test
  void anExclusiveDeviceIsRefusedWhileAnotherClientIsOnIt() {
    Allocator allocator = Devices.loaded(1, VIDEO);
    long other = allocator.connect("other", "tenant").value();
    Allocation others = ask(allocator, other, dpu(1)).value();
    assertRefused(ask(allocator, CLIENT, dpu(1).exclusively()), -4, Reason.EXCLUSIVE);
    allocator.release(0, others.id()).value();
    Allocation alone = take(allocator, dpu(1).exclusively());
    assertRefused(ask(allocator, other, dpu(1)), -4, Reason.EXCLUSIVE);
    Allocation shared = take(allocator, dpu(1));
    allocator.release(0, alone.id()).value();
    assertRefused(ask(allocator, other, dpu(1)), -4, Reason.EXCLUSIVE);
    allocator.release(0, shared.id()).value();
    assertThat(ask(allocator, other, dpu(1)).isOk()).isTrue();
  }

  @Test
  void reasonsTellApartWhatTheCodeDoesNot() {
    Allocator allocator = Devices.loaded(1, VIDEO);
    int empty = allocator.addDevice(new DeviceSpec("empty", "shell"));
    assertRefused(
        ask(allocator, CLIENT, dpu(1).on(DeviceConstraint.device(empty))), -31, Reason.NOT_LOADED);
    assertRefused(
        ask(allocator, CLIENT, dpu(1).on(DeviceConstraint.device(9))), -2, Reason.UNKNOWN);
    Fingerprint wrong = Devices.OTHER_DPU;
    assertRefused(
        ask(allocator, CLIENT, UnitRequest.of(Selector.fingerprint(wrong), Load.whole())),
        -4,
        Reason.WRONG_FINGERPRINT);
    assertRefused(
        ask(allocator, CLIENT, UnitRequest.of(Selector.kernel("encoder"), Load.whole())),
        -4,
        Reason.NO_SUCH_KERNEL);
    allocator.drain(0).value();
    assertRefused(ask(allocator, CLIENT, dpu(1)), -4, Reason.DISABLED);
    allocator.disable(0).value();
    assertRefused(ask(allocator, CLIENT, dpu(1)), -4, Reason.DISABLED);
    allocator.enable(0).value();
    assertRefused(ask(allocator, CLIENT, dpu(1)), -4, Reason.NOT_LOADED);
    assertRefused(ask(allocator, 7, dpu(1)), -2, Reason.UNKNOWN);
  }

  @Test
  void aRefusalNamesTheUnitThatLimits() {
    Reply<Allocation> refused =
        ask(partlyUsed(), CLIENT, dpu(1_000_000).on(DeviceConstraint.device(0)));
    assertThat(refused.detail()).contains("2 x unit of kernel dpu", "device 0 unit 0", "800000");
    assertThatThrownBy(refused::value)
        .isInstanceOfSatisfying(
            SluiceException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.XRM_ERROR_NO_KERNEL));
  }

  @Test
  void clientsAreLimitedAndTheirIdsNotUsedAgain() {
    Allocator allocator = new Allocator(1);
    assertThat(allocator.connect("a", "tenant").value()).isEqualTo(1);
    assertRefused(allocator.connect("b", "tenant"), -1, Reason.LIMIT);
    allocator.disconnect(0, 1).value();
    assertThat(allocator.connect("c", "tenant").value()).isEqualTo(2);
    assertRefused(allocator.disconnect(0, 1), -2, Reason.UNKNOWN);
  }

  @Test
  void aLeaseEndsUnlessItIsRenewed() {
    Allocator allocator = Devices.loaded(1, VIDEO);
    Allocation kept = allocator.allocate(0, CLIENT, dpu(1), 100).value();
    Allocation lost = allocator.allocate(0, CLIENT, dpu(1), 100).value();
    assertThat(allocator.nextExpiryNs()).hasValue(100);
    allocator.renew(50, kept.id()).value();
    assertThat(allocator.expire(99)).isEmpty();
    assertThat(allocator.expire(100)).containsExactly(lost);
    assertRefused(allocator.renew(100, lost.id()), -2, Reason.UNKNOWN);
    assertThat(allocator.expire(150)).extracting(Allocation::id).containsExactly(kept.id());
    assertThat(allocator.unit(0, 0).value().isBusy()).isFalse();
    assertThatThrownBy(() -> allocator.expire(149)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLeaseIsOfItsHolderAndItsEpoch() {
    Allocator allocator = Devices.loaded(1, VIDEO);
    LeaseId lease = take(allocator, dpu(1)).id();
    LeaseId stolen = new LeaseId(2, lease.service(), lease.epoch());
    assertRefused(allocator.release(0, stolen), -2, Reason.NOT_HOLDER);
    Allocator restored = Allocator.restore(allocator.state(), 2, 10);
    assertRefused(restored.release(10, lease), -2, Reason.STALE_EPOCH);
    LeaseId now = restored.service(lease.service()).value().id();
    assertThat(restored.release(10, now).isOk()).isTrue();
  }

  @Test
  void termsBeginAnewAfterARestore() {
    Allocator allocator = Devices.loaded(1, VIDEO);
    allocator.allocate(0, CLIENT, dpu(1), 100).value();
    Allocator restored = Allocator.restore(allocator.state(), 2, 1000);
    assertThat(restored.nextExpiryNs()).hasValue(1100);
  }

  @Test
  void availabilityCountsWithoutTaking() {
    Allocator allocator = partlyUsed();
    AllocatorState before = allocator.state();
    assertThat(allocator.available(CLIENT, dpu(300_000), 100).value()).isEqualTo(2 + 1 + 3 + 3);
    assertThat(allocator.available(CLIENT, scaler(1), 100).value()).isEqualTo(4);
    assertThat(allocator.available(CLIENT, ListRequest.of(dpu(500_000), scaler(1)), 100).value())
        .isEqualTo(4);
    assertThat(allocator.state()).isEqualTo(before);
    assertThat(allocator.maxCapacity(Selector.kernel("dpu"))).isEqualTo(497_664_000);
    assertThat(allocator.maxCapacity(Selector.kernel("none"))).isZero();
  }

  @Test
  void aThousandUnitsTakeAMillionChannelsAtMost() {
    Allocator allocator = Devices.loaded(1000, Devices.dpus(1));
    assertThat(allocator.available(CLIENT, dpu(1), Integer.MAX_VALUE).value()).isEqualTo(1_000_000);
    List<Integer> ids = Collections.nCopies(1001, 0);
    ids.forEach(id -> take(allocator, dpu(1)));
    assertThat(allocator.unit(0, 0).value().channelsInUse()).isEqualTo(1000);
    assertThat(allocator.unit(1, 0).value().channelsInUse()).isEqualTo(1);
  }
}
