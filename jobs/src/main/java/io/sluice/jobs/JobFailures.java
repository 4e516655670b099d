package io.sluice.jobs;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.concurrent.ExecutionException;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.client.JobCancellationException;
import org.apache.flink.util.ExceptionUtils;

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

  /**
   * Waits for the end of a job that goes on until it is cancelled.
   *
   * @param place as in {@link #of}
   * @throws SluiceException as {@link #of} gives it, if the job fails
   */
  static void awaitCancelled(JobClient job, String place) throws InterruptedException {
    try {
      job.getJobExecutionResult().get();
    } catch (ExecutionException | RuntimeException e) {
      if (ExceptionUtils.findThrowable(e, JobCancellationException.class).isEmpty()) {
        throw of(e, place);
      }
    }
  }
}
