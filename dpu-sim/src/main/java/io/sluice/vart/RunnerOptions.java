package io.sluice.vart;

import io.sluice.dpu.exact.ExactEngine;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;
import java.util.Objects;

/**
 * How a runner uses the machine. The outputs of CPU subgraphs are the same bytes every run for one
 * {@code intraOpThreads}; another number may sum floats in another order. Those of DPU subgraphs
 * are the same whatever is chosen here.
 *
 * @param intraOpThreads threads that one operator is spread over, 1 to 256
 * @param workers submitted jobs that run at the same time, 1 to 256
 * @param maxPendingJobs jobs submitted and not yet awaited, 1 to 65536; their tensors are held
 * @param engine what executes DPU subgraphs
 */
public record RunnerOptions(
    int intraOpThreads, int workers, int maxPendingJobs, ExactEngine.Kind engine)
    implements Serializable {

  public RunnerOptions {
    check("intraOpThreads", intraOpThreads, 256);
    check("workers", workers, 256);
    check("maxPendingJobs", maxPendingJobs, 65_536);
    Objects.requireNonNull(engine, "engine");
  }

  /** The fast engine. */
  public RunnerOptions(int intraOpThreads, int workers, int maxPendingJobs) {
    this(intraOpThreads, workers, maxPendingJobs, ExactEngine.Kind.FAST);
  }

  /** One worker, at most 64 pending jobs, the fast engine. */
  public RunnerOptions(int intraOpThreads) {
    this(intraOpThreads, 1, 64);
  }

  /** One thread, one worker, at most 64 pending jobs, the fast engine. */
  public static RunnerOptions standard() {
    return new RunnerOptions(1);
  }

  /** The same with another engine. */
  public RunnerOptions with(ExactEngine.Kind other) {
    return new RunnerOptions(intraOpThreads, workers, maxPendingJobs, other);
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
