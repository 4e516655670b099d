package io.sluice.flink.dpu;

import io.sluice.dpu.timing.RooflineTimeModel;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * How requests are put together into batches: see {@link DynamicBatching}.
 *
 * @param maximum most requests in a batch, or {@link #OF_TARGET}; a unit works off more than it
 *     takes at once in groups, one after the other
 * @param preferred sizes worth beginning with before a batch is full; none for the maximum alone
 * @param maxDelay how long a request may be put off for a batch to fill, in the job's time
 */
public record BatchingSettings(int maximum, List<Integer> preferred, Duration maxDelay)
    implements Serializable {
  /** No delay is longer. */
  public static final Duration LONGEST_DELAY = Duration.ofHours(1);

  /** The maximum is what a unit of the model's target takes at once. */
  public static final int OF_TARGET = 0;

  /** Batches of what waits, up to the target's own batch; nothing is put off. */
  public static final BatchingSettings STANDARD =
      new BatchingSettings(OF_TARGET, List.of(), Duration.ZERO);

  /** A batch for each request. */
  public static final BatchingSettings OFF = new BatchingSettings(1, List.of(), Duration.ZERO);

  /**
   * @throws SluiceException SLUICE_USAGE for a number out of range
   */
  public BatchingSettings {
    preferred = List.copyOf(preferred);
    int most = maximum == OF_TARGET ? RooflineTimeModel.MAX_BATCH : maximum;
    if (maximum < 0
        || most > RooflineTimeModel.MAX_BATCH
        || preferred.stream().anyMatch(size -> size < 1 || size > most)) {
      throw invalid(
          "maximum " + maximum + ", preferred " + preferred,
          "use a maximum of 0 to "
              + RooflineTimeModel.MAX_BATCH
              + " and preferred sizes of 1 to the maximum");
    }
    if (maxDelay.isNegative() || maxDelay.compareTo(LONGEST_DELAY) > 0) {
      throw invalid("delay " + maxDelay, "use a delay of 0 to " + LONGEST_DELAY);
    }
  }

  /** Batches of what waits, put off so long for a batch to fill. */
  public static BatchingSettings delayed(Duration maxDelay) {
    return new BatchingSettings(OF_TARGET, List.of(), maxDelay);
  }

  int maximumFor(DpuModel model) {
    return maximum == OF_TARGET ? model.batch() : maximum;
  }

  private static SluiceException invalid(String what, String remedy) {
    return new SluiceException(ErrorCode.SLUICE_USAGE, what, "batching of a DPU node", remedy);
  }
}
