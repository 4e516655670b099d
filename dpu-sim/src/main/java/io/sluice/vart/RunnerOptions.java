package io.sluice.vart;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;

/**
 * How a runner uses the machine. The outputs of CPU subgraphs are the same bytes every run for one
 * {@code intraOpThreads}; another number may sum floats in another order.
 *
 * @param intraOpThreads threads that one operator of a CPU subgraph is spread over, 1 to 256
 * @param workers submitted jobs that run at the same time, 1 to 256
 * @param maxPendingJobs jobs submitted and not yet awaited, 1 to 65536; their tensors are held
 */
public record RunnerOptions(int intraOpThreads, int workers, int maxPendingJobs)
    implements Serializable {

  public RunnerOptions {
    check("intraOpThreads", intraOpThreads, 256);
    check("workers", workers, 256);
    check("maxPendingJobs", maxPendingJobs, 65_536);
  }

  /** One worker, at most 64 pending jobs. */
  public RunnerOptions(int intraOpThreads) {
    this(intraOpThreads, 1, 64);
  }

  /** One thread, one worker, at most 64 pending jobs. */
  public static RunnerOptions standard() {
    return new RunnerOptions(1);
  }

  private static void check(String name, int value, int max) {
    if (value < 1 || value > max) {
      throw new SluiceException(
          ErrorCode.VART_RUNNER_CONSTRUCTION_FAIL,
          name + " is " + value,
          "runner options",
          "choose 1 to " + max);
    }
  }
}
