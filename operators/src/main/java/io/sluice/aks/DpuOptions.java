package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Clock;
import io.sluice.flink.dpu.BatchingSettings;
import io.sluice.flink.dpu.DpuSettings;
import io.sluice.flink.dpu.LevelSettings;
import io.sluice.flink.dpu.QueueSettings;
import io.sluice.flink.dpu.Work;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * What the object {@code dpu} in the extension of a DPU node says.
 *
 * @param maxBatch most requests in a batch; 0 for the target's own
 * @param preferred sizes worth beginning with before a batch is full
 * @param maxDelayUs how long a request may be put off for a batch to fill, in the job's time
 * @param priorities how many there are
 * @param priority that of a request that names none, from 1, the most urgent
 * @param ordered whether answers of a queue leave in the order of its requests
 */
record DpuOptions(
    int maxBatch,
    List<Integer> preferred,
    long maxDelayUs,
    int priorities,
    int priority,
    boolean ordered) {
  private static final int MAX_BATCH = 4096;
  private static final Set<String> FIELDS =
      Set.of("max_batch", "preferred", "max_delay_us", "priorities", "priority", "ordered");

  /**
   * @throws SluiceException a SLUICE_GRAPH_FIELD code with the JSON path
   */
  static DpuOptions read(JsonAt at) {
    at.object(FIELDS, "known are " + FIELDS.stream().sorted().toList());
    int priorities =
        at.find("priorities").map(v -> (int) v.integer(1, QueueSettings.MAX_LEVELS)).orElse(1);
    DpuOptions options =
        new DpuOptions(
            at.find("max_batch")
                .map(v -> (int) v.integer(1, MAX_BATCH))
                .orElse(BatchingSettings.OF_TARGET),
            at.find("preferred")
                .map(
                    list ->
                        list.elements(MAX_BATCH).stream()
                            .map(v -> (int) v.integer(1, MAX_BATCH))
                            .toList())
                .orElse(List.of()),
            at.find("max_delay_us")
                .map(v -> v.integer(0, BatchingSettings.LONGEST_DELAY.toSeconds() * 1_000_000))
                .orElse(0L),
            priorities,
            at.find("priority").map(v -> (int) v.integer(1, priorities)).orElse(priorities),
            at.find("ordered").map(JsonAt::bool).orElse(false));
    try {
      options.over(DpuSettings.of(Clock.VIRTUAL, Work.TIMING));
      return options;
    } catch (SluiceException e) {
      throw at.bad(ErrorCode.SLUICE_GRAPH_FIELD_VALUE, e.thing(), e.remedy());
    }
  }

  /** The settings of the job with what the node says. */
  DpuSettings over(DpuSettings job) {
    QueueSettings usual = job.queues();
    QueueSettings queues =
        priorities == 1
            ? usual
            : new QueueSettings(
                usual.discipline(),
                Collections.nCopies(priorities, LevelSettings.STANDARD),
                priority,
                usual.maxBytes());
    return job.with(
            new BatchingSettings(maxBatch, preferred, Duration.of(maxDelayUs, ChronoUnit.MICROS)))
        .with(queues)
        .withOrdered(ordered);
  }
}
