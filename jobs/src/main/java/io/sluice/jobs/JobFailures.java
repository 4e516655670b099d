package io.sluice.jobs;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;

/** Finds in what Flink throws for a failed job the failure that a person can act on. */
public final class JobFailures {
  private static final int MAX_CAUSES = 64;

  private JobFailures() {}

  /**
   * The first of the failure's causes that carries a code; if none does, SLUICE_STAGE_FAILED with
   * the last of the causes.
   *
   * @param place the job, e.g. {@code graph 'detection'}
   */
  public static SluiceException of(Throwable failure, String place) {
    Throwable cause = failure;
    for (int depth = 0; depth < MAX_CAUSES; depth++) {
      if (cause instanceof SluiceException known) {
        return known;
      }
      if (cause.getCause() == null) {
        break;
      }
      cause = cause.getCause();
    }
    return new SluiceException(
        ErrorCode.SLUICE_STAGE_FAILED,
        "the job failed (" + cause + ")",
        place,
        "run again with --stacktrace",
        failure);
  }
}
