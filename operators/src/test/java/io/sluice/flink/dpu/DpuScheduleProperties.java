package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever arrives and dies, in whatever steps it is played. */
class DpuScheduleProperties {
  private static final long END_NS = 20_000_000;
  private static final long WAIT_NS = 2_000_000;

  private record Arrival(int slot, Request request) {}

  /** A scenario of one seed: arrivals, and units that come, die, are shared and get slow. */
  private static final class Scenario {
    final List<Arrival> arrivals = new ArrayList<>();
    final List<LeaseUpdate> told = new ArrayList<>();

    Scenario(long seed) {
      Random random = new Random(seed);
      int requests = 1 + random.nextInt(40);
      for (int i = 0; i < requests; i++) {
        arrivals.add(
            new Arrival(
                random.nextInt(3),
                DpuScheduleTest.request(
                    "r" + i, random.nextBoolean() ? 4 : 8, random.nextInt(60) * (END_NS / 60))));
      }
      long atNs = 0;
      for (int i = 0; i < random.nextInt(12); i++) {
        atNs += random.nextInt(3) * (END_NS / 20);
        Optional<Lease> lease =
            random.nextInt(4) == 0
                ? Optional.empty()
                : DpuScheduleTest.lease(1 + random.nextInt(3), 1 + random.nextInt(2));
        told.add(
            new LeaseUpdate(
                DpuScheduleTest.slot(random.nextInt(3)),
                1,
                i,
                atNs,
                lease,
                random.nextBoolean(),
                "event " + i));
      }
    }

    DpuSchedule begin(Recorder recorder) {
      DpuSchedule schedule = empty(recorder);
      told.forEach(update -> schedule.tell(update, update.atNs()));
      arrivals.forEach(a -> schedule.arrive(a.slot(), a.request()));
      return schedule;
    }
  }

  private static DpuSchedule empty(Recorder recorder) {
    return new DpuSchedule(
        DpuModels.node(DpuModels.ZCU102_TARGET, 3),
        DpuModels.settings(Duration.ofNanos(WAIT_NS)),
        recorder);
  }

  @Property(tries = 300)
  void theSameHappensInOneStepAndInManyAndAcrossARestore(@ForAll long seed) throws Exception {
    Scenario scenario = new Scenario(seed);
    Recorder atOnce = new Recorder();
    scenario.begin(atOnce).drain(Long.MAX_VALUE);

    Recorder inSteps = new Recorder();
    Random random = new Random(~seed);
    DpuSchedule schedule = scenario.begin(inSteps);
    for (long atNs = 0; atNs < END_NS; atNs += 1 + random.nextInt(3_000_000)) {
      schedule.drain(atNs);
      if (random.nextInt(4) == 0) {
        DpuSchedule restored = empty(inSteps);
        for (SlotState state : schedule.state()) {
          restored.restore(SlotStateCodec.decode(SlotStateCodec.encode(state)));
        }
        schedule = restored;
      }
    }
    schedule.drain(Long.MAX_VALUE);

    assertThat(inSteps.lines()).isEqualTo(atOnce.lines());
    assertThat(schedule.isIdle()).isTrue();
  }

  @Property(tries = 300)
  void everyRequestFinishesOrExpiresOnceAndASlotRunsOneBatchAtATime(@ForAll long seed) {
    Scenario scenario = new Scenario(seed);
    Recorder recorder = new Recorder();
    scenario.begin(recorder).drain(Long.MAX_VALUE);

    List<String> answered = new ArrayList<>();
    Map<String, Long> busyUntilNs = new HashMap<>();
    for (String line : recorder.lines()) {
      String[] words = line.split("[ :]");
      if (words[0].equals("expired")) {
        answered.add(words[1]);
      } else if (!words[0].equals("lost")) {
        answered.add(words[1]);
        long startNs = Long.parseLong(words[0].split("-")[0]);
        long finishNs = Long.parseLong(words[0].split("-")[1]);
        assertThat(startNs).isGreaterThanOrEqualTo(busyUntilNs.getOrDefault(words[3], 0L));
        busyUntilNs.put(words[3], finishNs);
      }
    }
    assertThat(answered)
        .containsExactlyInAnyOrderElementsOf(
            scenario.arrivals.stream()
                .map(a -> a.request().packet().origin().requestId())
                .toList());
  }
}
