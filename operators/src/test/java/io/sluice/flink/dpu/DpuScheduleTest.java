package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import io.sluice.xrm.SlotId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DpuScheduleTest {
  private static final long WAIT_NS = 1_000_000_000;

  /** Start 50 us, overhead 10 us, 1e5 cycles at 281 MHz and 70%. */
  private static final long NARROW_NS = 60_000 + Math.round(1e5 / 0.7 / 0.281);

  private static final long WIDE_NS = 60_000 + Math.round(2e5 / 0.7 / 0.281);

  private final Recorder seen = new Recorder();
  private final DpuSchedule schedule = schedule(DpuModels.ZCU102_TARGET);
  private long sequence;

  private DpuSchedule schedule(String target) {
    return new DpuSchedule(
        DpuModels.node(target, 4), DpuModels.settings(Duration.ofNanos(WAIT_NS)), seen);
  }

  @Test
  void aSlotServesOneRequestAfterAnotherInTheOrderOfTheirTimesAndIds() {
    tell(schedule, 0, 0, lease(1, 1), false);
    schedule.arrive(0, request("c", 4, 10));
    schedule.arrive(0, request("b", 4, 10));
    schedule.arrive(0, request("a", 8, 5));

    schedule.drain(Long.MAX_VALUE);

    long first = 5 + WIDE_NS;
    assertThat(seen.lines())
        .containsExactly(
            "5-" + first + " a on 0",
            first + "-" + (first + NARROW_NS) + " b on 0",
            (first + NARROW_NS) + "-" + (first + 2 * NARROW_NS) + " c on 0");
  }

  @Test
  void nothingIsToldBeforeItsTime() {
    tell(schedule, 0, 0, lease(1, 1), false);
    schedule.arrive(0, request("a", 4, 10));

    schedule.drain(10 + NARROW_NS - 1);
    assertThat(seen.lines()).isEmpty();
    assertThat(schedule.isMoving()).isTrue();
    assertThat(schedule.nextNs()).hasValue(10 + NARROW_NS);

    schedule.drain(10 + NARROW_NS);
    assertThat(seen.lines()).hasSize(1);
    assertThat(schedule.isIdle()).isTrue();
  }

  @Test
  void aBatchIsTheOldestRequestAndOthersForItsModelAsManyAsTheUnitTakes() {
    DpuSchedule wide = schedule(DpuModels.V70_TARGET);
    wide.tell(update(0, 0, Optional.of(v70()), false), 0);
    for (int i = 0; i < 16; i++) {
      wide.arrive(0, request("n" + (char) ('a' + i), 4, 0));
      wide.arrive(0, request("w" + (char) ('a' + i), 8, 0));
    }

    wide.drain(Long.MAX_VALUE);

    assertThat(seen.lines())
        .extracting(line -> line.replaceAll("^\\d+-\\d+ | on 0$", ""))
        .containsExactly(
            "na+nb+nc+nd+ne+nf+ng+nh+ni+nj+nk+nl+nm+nn",
            "no+np",
            "wa+wb+wc+wd+we+wf+wg+wh+wi+wj+wk+wl+wm+wn",
            "wo+wp");
  }

  @Test
  void aRequestWaitsForAUnitAndBeginsWhenItComes() {
    schedule.arrive(0, request("a", 4, 10));
    tell(schedule, 0, 500, lease(1, 1), false);

    schedule.drain(Long.MAX_VALUE);

    assertThat(seen.lines()).containsExactly("500-" + (500 + NARROW_NS) + " a on 0");
  }

  @Test
  void whatRanOnAUnitThatDiedRunsAgainFirstAndIsToldOnce() {
    tell(schedule, 0, 0, lease(1, 1), false);
    schedule.arrive(0, request("a", 4, 0));
    schedule.arrive(0, request("b", 4, 1));
    tell(schedule, 0, 100, lease(1, 1), true);

    schedule.drain(Long.MAX_VALUE);

    assertThat(seen.lines())
        .containsExactly(
            "lost a",
            "100-" + (100 + NARROW_NS) + " a on 0",
            (100 + NARROW_NS) + "-" + (100 + 2 * NARROW_NS) + " b on 0");
  }

  @Test
  void whatRunsWhileALeaseMovesFinishesWhereItBegan() {
    tell(schedule, 0, 0, lease(1, 1), false);
    schedule.arrive(0, request("a", 4, 0));
    tell(schedule, 0, 100, lease(2, 1), false);

    schedule.drain(Long.MAX_VALUE);

    assertThat(seen.lines()).containsExactly("0-" + NARROW_NS + " a on 0");
  }

  @Test
  void aSharedOrSlowUnitTakesLongerByItsShareAndFactor() {
    tell(schedule, 0, 0, lease(2, 1), false);
    tell(schedule, 1, 0, lease(1, 1.5), false);
    schedule.arrive(0, request("a", 4, 0));
    schedule.arrive(1, request("b", 4, 0));

    schedule.drain(Long.MAX_VALUE);

    assertThat(seen.lines())
        .containsExactlyInAnyOrder(
            "0-" + 2 * NARROW_NS + " a on 0", "0-" + Math.round(1.5 * NARROW_NS) + " b on 1");
  }

  @Test
  void aRequestThatNoUnitComesForExpiresWithTheReasonOfTheLastChange() {
    tell(schedule, 0, 0, lease(1, 1), false);
    schedule.arrive(0, request("a", 4, 0));
    schedule.arrive(0, request("b", 4, 700));
    schedule.tell(update(0, 500, Optional.empty(), true), 500);
    tell(schedule, 0, 500 + WAIT_NS + 100, lease(1, 1), false);

    schedule.drain(Long.MAX_VALUE);

    long back = 500 + WAIT_NS + 100;
    assertThat(seen.lines())
        .containsExactly(
            "lost a",
            "expired a: no compute unit for 1000 ms: because",
            back + "-" + (back + NARROW_NS) + " b on 0");
    assertThat(seen.answeredNs("a")).isEqualTo(500 + WAIT_NS);
  }

  @Test
  void whatAnEarlierLifeOfTheManagerSaidIsDropped() {
    schedule.tell(new LeaseUpdate(slot(0), 2, 0, 0, lease(1, 1), false, "because"), 0);
    schedule.tell(new LeaseUpdate(slot(0), 1, 9, 50, Optional.empty(), true, "stale"), 50);
    schedule.arrive(0, request("a", 4, 0));

    schedule.drain(Long.MAX_VALUE);

    assertThat(seen.lines()).containsExactly("0-" + NARROW_NS + " a on 0");
  }

  @Test
  void aSlotStaysBusyUntilItsResultsAreComputed() {
    seen.computed(false);
    tell(schedule, 0, 0, lease(1, 1), false);
    schedule.arrive(0, request("a", 4, 0));
    schedule.arrive(0, request("b", 4, 0));

    schedule.drain(5 * NARROW_NS);
    assertThat(seen.lines()).isEmpty();

    seen.computed(true);
    schedule.drain(6 * NARROW_NS);
    schedule.drain(7 * NARROW_NS);
    assertThat(seen.lines())
        .containsExactly(
            "0-" + NARROW_NS + " a on 0", 6 * NARROW_NS + "-" + 7 * NARROW_NS + " b on 0");
  }

  private void tell(DpuSchedule to, int slot, long atNs, Optional<Lease> lease, boolean workLost) {
    to.tell(update(slot, atNs, lease, workLost), atNs);
  }

  private LeaseUpdate update(int slot, long atNs, Optional<Lease> lease, boolean workLost) {
    return new LeaseUpdate(slot(slot), 1, sequence++, atNs, lease, workLost, "because");
  }

  static SlotId slot(int index) {
    return new SlotId("net", index);
  }

  static Optional<Lease> lease(int tenants, double slow) {
    return Optional.of(
        new Lease("zcu102-0/dpu0", "zcu102-0", "zcu102", Lease.WHOLE_UNIT / tenants, slow));
  }

  static Lease v70() {
    return new Lease("v70-0/dpu0", "v70-0", "v70", Lease.WHOLE_UNIT, 1);
  }

  static Request request(String id, int width, long arrivedNs) {
    Origin origin = new Origin("requests", 0, 0, id, "test", 0, Map.of());
    return new Request(Packet.of(origin), width, arrivedNs, 0, Request.NEVER_DUE);
  }
}
