package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Clock;
import io.sluice.flink.dpu.BatchingSettings;
import io.sluice.flink.dpu.DpuNode;
import io.sluice.flink.dpu.DpuSettings;
import io.sluice.flink.dpu.LevelSettings;
import io.sluice.flink.dpu.QueueSettings;
import io.sluice.flink.dpu.RetrySettings;
import io.sluice.flink.dpu.UnitChoice;
import io.sluice.flink.dpu.Work;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the object {@code dpu} in the extension of a DPU node says: each setting of {@link
 * DpuSettings} that a node may have to itself. What it does not say is as the job has it.
 *
 * @param at the object, checked
 */
record DpuOptions(JsonAt at) {
  private static final int MAX_BATCH = 4096;
  private static final long MAX_US = BatchingSettings.LONGEST_DELAY.toSeconds() * 1_000_000;
  private static final long MAX_MS = LevelSettings.NO_TIMEOUT.toMillis();
  private static final long MAX_BYTES = 1L << 40;
  private static final Set<String> FIELDS =
      Set.of(
          "max_batch",
          "preferred",
          "max_delay_us",
          "priorities",
          "priority",
          "discipline",
          "max_bytes",
          "ordered",
          "retries",
          "warm_up",
          "cancel_siblings",
          "units_per_slot",
          "policy",
          "max_unit_wait_ms",
          "max_in_flight_bytes");
  private static final Set<String> LEVEL_FIELDS = Set.of("max_queued", "timeout_ms", "action");
  private static final Set<String> RETRY_FIELDS = Set.of("lost", "failed");

  /**
   * @throws SluiceException a SLUICE_GRAPH_FIELD code with the JSON path
   */
  static DpuOptions read(JsonAt at) {
    known(at, FIELDS);
    DpuOptions options = new DpuOptions(at);
    try {
      options.over(DpuSettings.of(Clock.VIRTUAL, Work.TIMING));
      return options;
    } catch (SluiceException e) {
      throw e.code() == ErrorCode.SLUICE_USAGE
          ? at.bad(ErrorCode.SLUICE_GRAPH_FIELD_VALUE, e.thing(), e.remedy())
          : e;
    }
  }

  private static void known(JsonAt object, Set<String> fields) {
    object.object(fields, "known are " + fields.stream().sorted().toList());
  }

  /** The settings of the job with what the node says. */
  DpuSettings over(DpuSettings job) {
    return new DpuSettings(
        job.clock(),
        job.work(),
        millis(at, "max_unit_wait_ms", 0).orElse(job.maxUnitWait()),
        number(at, "max_in_flight_bytes", 1, MAX_BYTES).orElse(job.maxInFlightBytes()),
        batching(job.batching()),
        queues(job.queues()),
        at.find("retries").map(own -> retries(own, job.retries())).orElse(job.retries()),
        flag("ordered", job.ordered()),
        flag("warm_up", job.warmUp()),
        flag("cancel_siblings", job.cancelSiblings()),
        count(at, "units_per_slot", 1, DpuNode.MAX_SLOTS).orElse(job.unitsPerSlot()),
        at.find("policy").map(name -> named(name, UnitChoice.values())).orElse(job.unitChoice()));
  }

  private BatchingSettings batching(BatchingSettings job) {
    return new BatchingSettings(
        count(at, "max_batch", 1, MAX_BATCH).orElse(job.maximum()),
        at.find("preferred")
            .map(
                sizes ->
                    sizes.elements(MAX_BATCH).stream()
                        .map(size -> (int) size.integer(1, MAX_BATCH))
                        .toList())
            .orElse(job.preferred()),
        number(at, "max_delay_us", 0, MAX_US)
            .map(us -> Duration.of(us, ChronoUnit.MICROS))
            .orElse(job.maxDelay()));
  }

  private QueueSettings queues(QueueSettings job) {
    List<LevelSettings> levels = at.find("priorities").map(DpuOptions::levels).orElse(job.levels());
    int usual = at.find("priorities").isPresent() ? levels.size() : job.usual();
    return new QueueSettings(
        at.find("discipline")
            .map(name -> named(name, QueueSettings.Discipline.values()))
            .orElse(job.discipline()),
        levels,
        count(at, "priority", 1, levels.size()).orElse(usual),
        number(at, "max_bytes", 1, MAX_BYTES).orElse(job.maxBytes()));
  }

  /** How many there are, or what each bears. */
  private static List<LevelSettings> levels(JsonAt priorities) {
    if (!priorities.isArray()) {
      int count = (int) priorities.integer(1, QueueSettings.MAX_LEVELS);
      return Collections.nCopies(count, LevelSettings.STANDARD);
    }
    return priorities.elements(QueueSettings.MAX_LEVELS).stream().map(DpuOptions::level).toList();
  }

  private static LevelSettings level(JsonAt level) {
    known(level, LEVEL_FIELDS);
    LevelSettings usual = LevelSettings.STANDARD;
    return new LevelSettings(
        count(level, "max_queued", 0, Integer.MAX_VALUE).orElse(usual.maxQueued()),
        millis(level, "timeout_ms", 1).orElse(usual.timeout()),
        level
            .find("action")
            .map(name -> named(name, LevelSettings.Action.values()))
            .orElse(usual.action()));
  }

  private static RetrySettings retries(JsonAt own, RetrySettings job) {
    known(own, RETRY_FIELDS);
    return new RetrySettings(
        count(own, "lost", 0, RetrySettings.MOST).orElse(job.lost()),
        count(own, "failed", 0, RetrySettings.MOST).orElse(job.failed()));
  }

  private boolean flag(String key, boolean job) {
    return at.find(key).map(JsonAt::bool).orElse(job);
  }

  private static Optional<Long> number(JsonAt object, String key, long least, long most) {
    return object.find(key).map(value -> value.integer(least, most));
  }

  private static Optional<Integer> count(JsonAt object, String key, int least, int most) {
    return number(object, key, least, most).map(Long::intValue);
  }

  private static Optional<Duration> millis(JsonAt object, String key, int least) {
    return number(object, key, least, MAX_MS).map(Duration::ofMillis);
  }

  /** The constant of a name in lower case. */
  private static <E extends Enum<E>> E named(JsonAt name, E[] values) {
    List<String> names =
        Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
    int index = names.indexOf(name.text());
    if (index < 0) {
      throw name.bad(
          ErrorCode.SLUICE_GRAPH_FIELD_VALUE, "'" + name.text() + "'", "write one of " + names);
    }
    return values[index];
  }
}
