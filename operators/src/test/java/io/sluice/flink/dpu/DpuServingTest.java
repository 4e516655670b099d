package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.Failure;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.dpu.LevelSettings.Action;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import io.sluice.xrm.LeaseUpdate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Priorities, limits, deadlines, retries, order and cancellation of one slot. */
class DpuServingTest {
  private static final long WAIT_NS = 1_000_000_000;
  private static final long NARROW_NS = 60_000 + Math.round(1e5 / 0.7 / 0.281);
  private static final Failure FAILURE = new Failure("net", "C", "no", "there", "none");

  private final Recorder seen =
      new Recorder(
          packet ->
              packet.origin().requestId().startsWith("bad") ? packet.failed(FAILURE) : packet);
  private long sequence;

  private DpuSchedule schedule(DpuSettings settings) {
    return schedule(settings, 1);
  }

  private DpuSchedule schedule(DpuSettings settings, int units) {
    DpuSchedule schedule =
        new DpuSchedule(DpuModels.node(DpuModels.ZCU102_TARGET, 1).with(1, units), settings, seen);
    for (int unit = 0; unit < units; unit++) {
      schedule.tell(lease(unit, 0, false), 0);
    }
    return schedule;
  }

  private static DpuSettings settings() {
    return DpuModels.settings(Duration.ofNanos(WAIT_NS));
  }

  private static DpuSettings settings(LevelSettings... levels) {
    return settings().with(QueueSettings.of(levels));
  }

  private LeaseUpdate lease(int unit, long atNs, boolean workLost) {
    return new LeaseUpdate(
        DpuScheduleTest.slot(unit),
        1,
        sequence++,
        atNs,
        DpuScheduleTest.lease(1, 1),
        workLost,
        "because");
  }

  private static Request request(String id, long atNs, int level, long dueNs) {
    return new Request(DpuScheduleTest.request(id, 4, atNs).packet(), 4, atNs, level, dueNs);
  }

  private static Request request(String id, long atNs, int level) {
    return request(id, atNs, level, Request.NEVER_DUE);
  }

  private static Request part(String id, int part, long atNs) {
    Packet packet =
        Packet.of(new Origin("requests", 0, id.hashCode(), id, "test", 0, Map.of()))
            .asPart(part, 3);
    return new Request(packet, 4, atNs, 0, Request.NEVER_DUE);
  }

  private List<String> answered() {
    return seen.answers().stream()
        .map(
            answer ->
                answer.packet().origin().requestId()
                    + (answer.packet().isWhole() ? "" : "/" + answer.packet().part())
                    + answer.packet().failure().map(f -> " " + f.code()).orElse(""))
        .toList();
  }

  @Test
  void aMoreUrgentRequestGoesFirstButStopsNothingThatRuns() {
    DpuSchedule schedule = schedule(settings(LevelSettings.STANDARD, LevelSettings.STANDARD));
    schedule.arrive(0, request("low1", 0, 1));
    schedule.arrive(0, request("low2", 1, 1));
    schedule.arrive(0, request("high", 2, 0));

    schedule.drain(Long.MAX_VALUE);

    assertThat(answered()).containsExactly("low1", "high", "low2");
  }

  @Test
  void withinAPriorityTheEarliestDeadlineGoesFirst() {
    DpuSchedule schedule = schedule(settings());
    schedule.arrive(0, request("runs", 0, 0));
    schedule.arrive(0, request("whenever", 1, 0));
    schedule.arrive(0, request("later", 2, 0, WAIT_NS));
    schedule.arrive(0, request("sooner", 3, 0, WAIT_NS - 1));

    schedule.drain(Long.MAX_VALUE);

    assertThat(answered()).containsExactly("runs", "sooner", "later", "whenever");
  }

  @Test
  void aRequestOverTheLimitOfItsPriorityIsRejectedAtOnce() {
    DpuSchedule schedule =
        schedule(
            settings(
                LevelSettings.STANDARD,
                new LevelSettings(1, LevelSettings.NO_TIMEOUT, Action.REJECT)));
    schedule.arrive(0, request("runs", 0, 1));
    schedule.arrive(0, request("waits", 1, 1));
    schedule.arrive(0, request("over", 2, 1));
    schedule.arrive(0, request("urgent", 3, 0));

    schedule.drain(Long.MAX_VALUE);

    assertThat(answered()).containsExactly("over VART_DEVICE_BUSY", "runs", "urgent", "waits");
    assertThat(seen.answeredNs("over")).isEqualTo(2);
  }

  @Test
  void aDeferredRequestWaitsBehindThoseOfItsPriorityButBeforeLowerOnes() {
    DpuSchedule schedule =
        schedule(
            settings(
                new LevelSettings(1, LevelSettings.NO_TIMEOUT, Action.DEFER),
                LevelSettings.STANDARD));
    schedule.arrive(0, request("runs", 0, 0));
    schedule.arrive(0, request("low", 1, 1));
    schedule.arrive(0, request("first", 2, 0));
    schedule.arrive(0, request("over", 3, 0));
    schedule.arrive(0, request("next", NARROW_NS + 1, 0));

    schedule.drain(Long.MAX_VALUE);

    assertThat(answered()).containsExactly("runs", "first", "next", "over", "low");
  }

  @Test
  void aRequestThatWaitsBeyondTheTimeoutOrItsDeadlineExpiresThen() {
    DpuSchedule schedule =
        schedule(settings(new LevelSettings(9, Duration.ofNanos(100), Action.REJECT)));
    schedule.arrive(0, request("runs", 0, 0));
    schedule.arrive(0, request("timeout", 10, 0, 110));
    schedule.arrive(0, request("deadline", 20, 0, 50));

    schedule.drain(Long.MAX_VALUE);

    assertThat(answered())
        .containsExactly("deadline SLUICE_TIMEOUT", "timeout SLUICE_TIMEOUT", "runs");
    assertThat(seen.answeredNs("deadline")).isEqualTo(50);
    assertThat(seen.answeredNs("timeout")).isEqualTo(110);
  }

  @Test
  void aLateRequestThatMayBeDeferredIsServedAfterTheOthers() {
    DpuSchedule schedule =
        schedule(settings(new LevelSettings(9, LevelSettings.NO_TIMEOUT, Action.DEFER)));
    schedule.arrive(0, request("runs", 0, 0));
    schedule.arrive(0, request("late", 1, 0, 50));
    schedule.arrive(0, request("other", 60, 0));

    schedule.drain(Long.MAX_VALUE);

    assertThat(answered()).containsExactly("runs", "other", "late");
  }

  @Test
  void whatASlotCannotHoldIsRefusedWhenItComesWhateverTheStepsItIsPlayedIn() {
    DpuSchedule schedule = schedule(settings().with(QueueSettings.STANDARD.withMaxBytes(25)));
    for (int i = 0; i < 4; i++) {
      Packet packet =
          request("r" + i, i, 0)
              .packet()
              .with("in", TensorData.wrap(DataType.UINT8, Shape.of(10), new byte[10]));
      schedule.arrive(0, new Request(packet, 4, i, 0, Request.NEVER_DUE));
    }

    schedule.drain(Long.MAX_VALUE);

    assertThat(answered()).containsExactly("r2 SLUICE_LIMIT", "r3 SLUICE_LIMIT", "r0", "r1");
  }

  @Test
  void aRequestWhoseUnitsDieAgainAndAgainFailsAfterTheLimit() {
    DpuSchedule schedule = schedule(settings().with(new RetrySettings(2, 0)));
    schedule.arrive(0, request("a", 0, 0));
    for (int i = 1; i <= 3; i++) {
      schedule.tell(lease(0, 100 * i, true), 100 * i);
    }

    schedule.drain(Long.MAX_VALUE);

    assertThat(answered()).containsExactly("a VART_DPU_TIMEOUT_ERROR");
    assertThat(seen.answeredNs("a")).isEqualTo(300);
  }

  @Test
  void aRequestThatItsNetworkRefusesRunsAgainAsOftenAsAllowed() {
    DpuSchedule schedule = schedule(settings().with(new RetrySettings(0, 2)));
    schedule.arrive(0, request("bad", 0, 0));
    schedule.arrive(0, request("good", 0, 0));

    schedule.drain(Long.MAX_VALUE);

    assertThat(answered()).containsExactly("bad C", "good");
    assertThat(seen.answeredNs("bad")).isEqualTo(3 * NARROW_NS);
  }

  @Test
  void severalUnitsWorkOffOneQueueTheFastestFirst() {
    DpuSchedule schedule = schedule(settings(), 2);
    schedule.tell(
        new LeaseUpdate(
            DpuScheduleTest.slot(0), 1, 90, 0, DpuScheduleTest.lease(1, 2), false, "slow"),
        0);
    schedule.arrive(0, request("a", 0, 0));
    schedule.arrive(0, request("b", 0, 0));
    schedule.arrive(0, request("c", 0, 0));

    schedule.drain(Long.MAX_VALUE);

    assertThat(seen.lines())
        .containsExactly(
            "0-" + NARROW_NS + " a on 0.1",
            "0-" + 2 * NARROW_NS + " b on 0",
            NARROW_NS + "-" + 2 * NARROW_NS + " c on 0.1");
  }

  @Test
  void orderedAnswersLeaveInTheOrderOfTheRequestsAtTheTimeOfTheOneWaitedFor() {
    DpuSettings settings =
        settings(LevelSettings.STANDARD, LevelSettings.STANDARD).withOrdered(true);
    DpuSchedule schedule = schedule(settings);
    schedule.arrive(0, request("runs", 0, 1));
    schedule.arrive(0, request("low", 1, 1));
    schedule.arrive(0, request("high", 2, 0));

    schedule.drain(Long.MAX_VALUE);

    assertThat(answered()).containsExactly("runs", "low", "high");
    assertThat(seen.answeredNs("high")).isEqualTo(3 * NARROW_NS);
  }

  @Test
  void aPartThatFailsTakesItsSiblingsAlongThatWaitInTheSlotOrComeLater() {
    DpuSchedule schedule = schedule(settings().withCancelSiblings(true));
    schedule.arrive(0, part("bad", 0, 0));
    schedule.arrive(0, part("bad", 1, 0));
    schedule.arrive(0, part("other", 0, 0));
    schedule.arrive(0, part("bad", 2, 2 * NARROW_NS));

    schedule.drain(Long.MAX_VALUE);

    assertThat(answered()).containsExactly("bad/0 C", "bad/1 C", "other/0", "bad/2 C");
    assertThat(seen.answeredNs("other")).isEqualTo(2 * NARROW_NS);
  }

  @Test
  void aPartThatIsTooLateCancelsItsSiblingsAndOneThatWouldRunAgainDoesNot() {
    DpuSchedule schedule =
        schedule(settings().withCancelSiblings(true).with(new RetrySettings(1, 0)));
    schedule.arrive(0, part("job", 0, 0));
    schedule.arrive(0, part("job", 1, 1));
    Request late = part("job", 2, 2);
    schedule.arrive(0, new Request(late.packet(), 4, 2, 0, 50));
    schedule.tell(lease(0, 100, true), 100);

    schedule.drain(Long.MAX_VALUE);

    assertThat(answered())
        .containsExactly("job/2 SLUICE_TIMEOUT", "job/1 SLUICE_TIMEOUT", "job/0 SLUICE_TIMEOUT");
    assertThat(seen.answers()).extracting(Answer::atNs).containsExactly(50L, 50L, 100L);
  }

  @Test
  void aPartThatFailedBeforeItCameCancelsToo() {
    DpuSchedule schedule = schedule(settings().withCancelSiblings(true));
    schedule.arrive(0, part("runs", 0, 0));
    schedule.arrive(0, part("job", 0, 1));
    schedule.partFailed(0, part("job", 1, 0).packet().origin().position(), FAILURE, 2);

    schedule.drain(Long.MAX_VALUE);

    assertThat(answered()).containsExactly("job/0 C", "runs/0");
    assertThat(seen.answeredNs("job")).isEqualTo(2);
  }

  @Test
  void aBatchWaitsForCompanyAndAFullOneDoesNot() {
    DpuSettings settings =
        settings().with(new BatchingSettings(2, List.of(), Duration.ofNanos(100)));
    DpuSchedule schedule = schedule(settings);
    schedule.arrive(0, request("a", 0, 0));
    schedule.arrive(0, request("b", 40, 0));
    long laterNs = 4 * NARROW_NS;
    schedule.arrive(0, request("c", laterNs, 0));

    schedule.drain(Long.MAX_VALUE);

    assertThat(seen.lines().get(0)).startsWith("40-").contains(" a+b ");
    assertThat(seen.lines().get(1)).startsWith((laterNs + 100) + "-").contains(" c ");
  }

  @Test
  void aSlotWithoutALeaseOfAnyUnitGivesUpWhatWaits() {
    DpuSchedule schedule = schedule(settings(), 2);
    for (int unit = 0; unit < 2; unit++) {
      schedule.tell(
          new LeaseUpdate(
              DpuScheduleTest.slot(unit), 1, 90 + unit, unit, Optional.empty(), true, "gone"),
          unit);
    }
    schedule.arrive(0, request("a", 5, 0));

    schedule.drain(Long.MAX_VALUE);

    assertThat(answered()).containsExactly("a VART_DPU_ALLOC_ERROR");
    assertThat(seen.answeredNs("a")).isEqualTo(5 + WAIT_NS);
  }
}
