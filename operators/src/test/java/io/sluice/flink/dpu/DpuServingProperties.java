package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.Failure;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever the settings, arrivals, losses, failures and timeouts: every request is answered once,
 * and neither the steps nor a restart nor the parallelism shows.
 */
class DpuServingProperties {
  private static final int SLOTS = 4;
  private static final long END_NS = 20_000_000;
  private static final Pattern BATCH = Pattern.compile("(\\d+)-(\\d+) (\\S+) on (\\S+)");
  private static final Failure FAILURE = new Failure("net", "C", "fails", "there", "none");

  /** A scenario of one seed. */
  private static final class Scenario {
    final DpuNode node;
    final DpuSettings settings;
    final List<Event> events = new ArrayList<>();

    Scenario(long seed) {
      Random random = new Random(seed);
      int units = SLOTS + random.nextInt(5);
      this.node =
          DpuModels.node(random.nextBoolean() ? DpuModels.ZCU102_TARGET : DpuModels.V70_TARGET, 1)
              .with(SLOTS, units);
      this.settings = settings(random);
      int requests = 1 + random.nextInt(60);
      for (int i = 0; i < requests; i++) {
        arrive(random, "r" + i);
      }
      tell(random, units);
      for (int i = 0; i < random.nextInt(5); i++) {
        Packet packet = part("r" + random.nextInt(requests), 9);
        events.add(
            new Event.PartFailed(
                random.nextInt(40) * (END_NS / 40),
                random.nextInt(SLOTS),
                packet.origin().position(),
                FAILURE));
      }
    }

    private static DpuSettings settings(Random random) {
      LevelSettings[] levels = new LevelSettings[1 + random.nextInt(3)];
      for (int i = 0; i < levels.length; i++) {
        levels[i] =
            new LevelSettings(
                random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(6),
                random.nextBoolean()
                    ? LevelSettings.NO_TIMEOUT
                    : Duration.ofNanos(1 + random.nextInt(3_000_000)),
                LevelSettings.Action.values()[random.nextInt(2)]);
      }
      UnitChoice choice = UnitChoice.values()[random.nextInt(UnitChoice.values().length)];
      QueueSettings.Discipline discipline =
          choice == UnitChoice.EARLIEST_DEADLINE
              ? QueueSettings.Discipline.EARLIEST_DEADLINE
              : QueueSettings.Discipline.values()[random.nextInt(2)];
      return DpuModels.settings(Duration.ofNanos(2_000_000))
          .with(
              new BatchingSettings(
                  random.nextInt(4),
                  List.of(),
                  Duration.ofNanos(random.nextInt(2) * random.nextInt(1_000_000))))
          .with(QueueSettings.of(levels).with(discipline))
          .with(choice)
          .with(new RetrySettings(random.nextInt(3), random.nextInt(3)))
          .withOrdered(random.nextBoolean())
          .withCancelSiblings(random.nextBoolean());
    }

    private void arrive(Random random, String id) {
      int parts = 1 + random.nextInt(3);
      for (int part = 0; part < parts; part++) {
        long atNs = random.nextInt(60) * (END_NS / 60);
        long dueNs =
            random.nextInt(3) == 0 ? atNs + 1 + random.nextInt(3_000_000) : Request.NEVER_DUE;
        events.add(
            new Event.Arrival(
                random.nextInt(SLOTS),
                new Request(
                    part(id, part),
                    random.nextBoolean() ? 4 : 8,
                    atNs,
                    random.nextInt(settings.queues().levels().size()),
                    dueNs)));
      }
    }

    private void tell(Random random, int units) {
      long atNs = 0;
      for (int i = 0; i < random.nextInt(16); i++) {
        atNs += random.nextInt(3) * (END_NS / 20);
        boolean v70 =
            node.fingerprint().equals(DpuModels.node(DpuModels.V70_TARGET, 1).fingerprint());
        Optional<Lease> lease =
            random.nextInt(4) == 0
                ? Optional.empty()
                : v70
                    ? Optional.of(DpuScheduleTest.v70())
                    : DpuScheduleTest.lease(1 + random.nextInt(3), 1 + random.nextInt(2));
        int unit = random.nextInt(units);
        events.add(
            new Event.Told(
                atNs,
                node.slotOfUnit(unit),
                new LeaseUpdate(
                    DpuScheduleTest.slot(unit),
                    1,
                    i,
                    atNs,
                    lease,
                    random.nextBoolean(),
                    "event " + i)));
      }
    }

    List<Request> requests() {
      return events.stream()
          .filter(Event.Arrival.class::isInstance)
          .map(event -> ((Event.Arrival) event).request())
          .toList();
    }

    DpuSchedule empty(Recorder recorder) {
      return new DpuSchedule(node, settings, recorder);
    }

    /** Tells what concerns the slots of one subtask of several. */
    DpuSchedule begin(Recorder recorder, int parallelism, int subtask) {
      DpuSchedule schedule = empty(recorder);
      for (Event event : events) {
        if (event.slot() % parallelism != subtask) {
          continue;
        }
        if (event instanceof Event.Arrival arrival) {
          schedule.arrive(arrival.slot(), arrival.request());
        } else if (event instanceof Event.Told told) {
          schedule.tell(told.update(), told.atNs());
        } else if (event instanceof Event.PartFailed failed) {
          schedule.partFailed(failed.slot(), failed.position(), failed.failure(), failed.atNs());
        }
      }
      return schedule;
    }
  }

  private static Packet part(String id, int part) {
    return Packet.of(new Origin("requests", 0, id.hashCode(), id, "test", 0, Map.of()))
        .asPart(part, 10);
  }

  /** Some requests fail whenever they run. */
  private static Packet network(Packet packet) {
    return packet.origin().requestId().endsWith("7") ? packet.failed(FAILURE) : packet;
  }

  private static Recorder recorder() {
    return new Recorder(DpuServingProperties::network);
  }

  private static Recorder atOnce(Scenario scenario) {
    Recorder recorder = recorder();
    DpuSchedule schedule = scenario.begin(recorder, 1, 0);
    schedule.drain(Long.MAX_VALUE);
    assertThat(schedule.isIdle()).isTrue();
    return recorder;
  }

  private static String key(Packet packet) {
    return packet.origin().requestId() + "/" + packet.part();
  }

  @Property(tries = 200)
  void everyRequestIsAnsweredOnce(@ForAll long seed) {
    Scenario scenario = new Scenario(seed);

    assertThat(atOnce(scenario).answers())
        .extracting(answer -> key(answer.packet()))
        .containsExactlyInAnyOrderElementsOf(
            scenario.requests().stream().map(request -> key(request.packet())).toList());
  }

  @Property(tries = 120)
  void aUnitRunsOneBatchAtATimeAndNoneIsTooLarge(@ForAll long seed) {
    Scenario scenario = new Scenario(seed);
    Map<String, Long> busyUntilNs = new HashMap<>();
    for (String line : atOnce(scenario).lines()) {
      Matcher batch = BATCH.matcher(line);
      if (batch.matches()) {
        long startNs = Long.parseLong(batch.group(1));
        String unit = batch.group(4);
        assertThat(startNs).isGreaterThanOrEqualTo(busyUntilNs.getOrDefault(unit, 0L));
        busyUntilNs.put(unit, Long.parseLong(batch.group(2)));
        int most = scenario.settings.batching().maximumFor(scenario.node.modelsByWidth().get(4));
        assertThat(batch.group(3).split("\\+").length).isLessThanOrEqualTo(most);
      }
    }
  }

  @Property(tries = 120)
  void theSameHappensInOneStepAndInManyAndAcrossRestarts(@ForAll long seed) throws Exception {
    Scenario scenario = new Scenario(seed);
    Recorder atOnce = atOnce(scenario);

    Recorder inSteps = recorder();
    Random random = new Random(~seed);
    DpuSchedule schedule = scenario.begin(inSteps, 1, 0);
    for (long atNs = 0; atNs < END_NS; atNs += 1 + random.nextInt(2_000_000)) {
      schedule.drain(atNs);
      if (random.nextInt(3) == 0) {
        DpuSchedule restored = scenario.empty(inSteps);
        for (SlotState state : schedule.state()) {
          restored.restore(SlotStateCodec.decode(SlotStateCodec.encode(state)));
        }
        schedule = restored;
      }
    }
    schedule.drain(Long.MAX_VALUE);

    assertThat(inSteps.lines()).isEqualTo(atOnce.lines());
    assertThat(inSteps.answers()).isEqualTo(atOnce.answers());
  }

  @Property(tries = 200)
  void anyNumberOfSubtasksGivesTheSameAnswersAtTheSameTimes(@ForAll long seed) {
    Scenario scenario = new Scenario(seed);
    Comparator<Answer> byKey =
        Comparator.comparingLong(Answer::atNs).thenComparing(answer -> key(answer.packet()));
    List<Answer> alone = atOnce(scenario).answers().stream().sorted(byKey).toList();
    for (int parallelism : new int[] {2, 4}) {
      List<Answer> together = new ArrayList<>();
      for (int subtask = 0; subtask < parallelism; subtask++) {
        Recorder recorder = recorder();
        scenario.begin(recorder, parallelism, subtask).drain(Long.MAX_VALUE);
        together.addAll(recorder.answers());
      }
      together.sort(byKey);

      assertThat(together).isEqualTo(alone);
    }
  }
}
