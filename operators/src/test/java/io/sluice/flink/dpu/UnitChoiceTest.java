package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.dispatch.Policy;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xrm.LeaseUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A slot of several units, of which some are slow, and what each choice makes of it. */
class UnitChoiceTest {
  /** Start 50 us, overhead 10 us, 1e5 cycles at 281 MHz and 70%. */
  private static final long HEALTHY_NS = 60_000 + Math.round(1e5 / 0.7 / 0.281);

  private final Recorder seen = new Recorder();

  private DpuSchedule schedule(UnitChoice choice, Recorder recorder, int units) {
    return new DpuSchedule(
        DpuModels.node(DpuModels.ZCU102_TARGET, 1).with(1, units),
        DpuModels.settings(Duration.ofSeconds(1)).with(choice),
        recorder);
  }

  private DpuSchedule slot(UnitChoice choice, Recorder recorder, double... slow) {
    DpuSchedule schedule = schedule(choice, recorder, slow.length);
    for (int unit = 0; unit < slow.length; unit++) {
      schedule.tell(
          new LeaseUpdate(
              DpuScheduleTest.slot(unit),
              1,
              unit,
              0,
              DpuScheduleTest.lease(1, slow[unit]),
              false,
              "test"),
          0);
    }
    return schedule;
  }

  private long makespanNs(UnitChoice choice, int requests, double... slow) {
    Recorder recorder = new Recorder();
    DpuSchedule schedule = slot(choice, recorder, slow);
    for (int i = 0; i < requests; i++) {
      schedule.arrive(0, DpuScheduleTest.request("r" + i, 4, 0));
    }
    schedule.drain(Long.MAX_VALUE);
    assertThat(recorder.answers()).hasSize(requests);
    return recorder.answers().stream().mapToLong(Answer::atNs).max().orElseThrow();
  }

  /** Request after request to the unit that is done with it first. */
  private static long listScheduledNs(int requests, double... slow) {
    long[] freeNs = new long[slow.length];
    for (int i = 0; i < requests; i++) {
      int best = 0;
      for (int unit = 1; unit < slow.length; unit++) {
        if (freeNs[unit] + Math.round(HEALTHY_NS * slow[unit])
            < freeNs[best] + Math.round(HEALTHY_NS * slow[best])) {
          best = unit;
        }
      }
      freeNs[best] += Math.round(HEALTHY_NS * slow[best]);
    }
    return Arrays.stream(freeNs).max().orElseThrow();
  }

  private List<String> unitsOfRequestsThatComeAlone(DpuSchedule schedule, int first, int count) {
    int before = seen.lines().size();
    for (int i = first; i < first + count; i++) {
      schedule.arrive(0, DpuScheduleTest.request("r" + i, 4, 100 * HEALTHY_NS * i));
    }
    schedule.drain(100 * HEALTHY_NS * (first + count) - 1);
    List<String> lines = seen.lines();
    return new ArrayList<>(lines.subList(before, lines.size()))
        .stream().map(line -> line.replaceAll(".* on ", "")).toList();
  }

  @Test
  void ofAFastAndASlowUnitEarliestFinishIsDoneBeforeRoundRobin() {
    assertThat(makespanNs(UnitChoice.EARLIEST_FINISH, 7, 1, 4)).isEqualTo(6 * HEALTHY_NS);
    assertThat(makespanNs(UnitChoice.ROUND_ROBIN, 7, 1, 4)).isEqualTo(8 * HEALTHY_NS);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(doubles = {1, 1.5, 7.3, 100})
  void earliestFinishTakesAsLongAsListSchedulingAndNoLongerThanTheOthers(double factor) {
    for (int requests : new int[] {1, 2, 3, 7, 12, 40}) {
      for (double[] slow : new double[][] {{1, factor}, {factor, 1}, {2, factor, 1, factor}}) {
        long ns = makespanNs(UnitChoice.EARLIEST_FINISH, requests, slow);
        assertThat(ns).as("%d requests", requests).isEqualTo(listScheduledNs(requests, slow));
        assertThat(makespanNs(UnitChoice.EARLIEST_DEADLINE, requests, slow)).isEqualTo(ns);
        for (UnitChoice other :
            List.of(UnitChoice.FASTEST_FREE, UnitChoice.ROUND_ROBIN, UnitChoice.LEAST_LOADED)) {
          assertThat(makespanNs(other, requests, slow)).isGreaterThanOrEqualTo(ns);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FASTEST_FREE      | 0.1,0.1,0.1,0.1",
        "ROUND_ROBIN       | 0,0.1,0.2,0",
        "LEAST_LOADED      | 0,0,0,0",
        "EARLIEST_FINISH   | 0.1,0.1,0.1,0.1",
        "EARLIEST_DEADLINE | 0.1,0.1,0.1,0.1",
      })
  void whatComesAloneGoesToTheUnitOfTheChoice(UnitChoice choice, String units) {
    DpuSchedule schedule = slot(choice, seen, 3, 1, 2);
    assertThat(unitsOfRequestsThatComeAlone(schedule, 0, 4)).containsExactly(units.split(","));
  }

  @Test
  void aTurnGoesOnBehindACheckpoint() throws Exception {
    DpuSchedule schedule = slot(UnitChoice.ROUND_ROBIN, seen, 1, 1, 1);
    assertThat(unitsOfRequestsThatComeAlone(schedule, 0, 2)).containsExactly("0", "0.1");
    DpuSchedule restored = schedule(UnitChoice.ROUND_ROBIN, seen, 3);
    for (SlotState state : schedule.state()) {
      restored.restore(SlotStateCodec.decode(SlotStateCodec.encode(state)));
    }
    assertThat(unitsOfRequestsThatComeAlone(restored, 2, 2)).containsExactly("0.2", "0");
  }

  @Test
  void everyDispatchPolicyHasAChoiceButTheOneThatMovesWeights() {
    for (Policy policy : Policy.values()) {
      if (policy == Policy.BATCH_AFFINITY) {
        assertThatThrownBy(() -> UnitChoice.of(policy))
            .isInstanceOfSatisfying(
                SluiceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SLUICE_USAGE))
            .hasMessageContaining("batch-affinity");
      } else {
        assertThat(UnitChoice.of(policy).name()).isEqualTo(policy.name());
      }
    }
  }
}
