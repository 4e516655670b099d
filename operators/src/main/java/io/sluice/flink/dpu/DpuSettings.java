package io.sluice.flink.dpu;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Clock;
import java.io.Serializable;
import java.time.Duration;

/**
 * How the DPU nodes of a job run.
 *
 * @param clock what time is
 * @param work whether tensors are computed
 * @param maxUnitWait how long a request waits while its slot holds no unit, in the job's time;
 *     after that it fails
 * @param maxInFlightBytes tensors that a subtask holds of requests that wait or run. In paced time
 *     a subtask with more takes no new ones until a batch is done. In virtual time it cannot wait,
 *     since the watermark that would let it go on comes behind the requests: the job fails
 */
public record DpuSettings(Clock clock, Work work, Duration maxUnitWait, long maxInFlightBytes)
    implements Serializable {
  private static final Duration DEFAULT_UNIT_WAIT = Duration.ofMinutes(1);
  private static final Duration LONGEST_UNIT_WAIT = Duration.ofDays(365);
  private static final long PACED_BYTES = 64L << 20;
  private static final long VIRTUAL_BYTES = 512L << 20;

  /**
   * @throws SluiceException SLUICE_USAGE for a number out of range
   */
  public DpuSettings {
    if (maxUnitWait.isNegative()
        || maxUnitWait.compareTo(LONGEST_UNIT_WAIT) > 0
        || maxInFlightBytes < 1) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          "unit wait " + maxUnitWait + ", " + maxInFlightBytes + " bytes in flight",
          "settings of the DPU nodes",
          "wait 0 to 365 days and allow at least one byte");
    }
  }

  /** A minute of waiting; 64 MiB a subtask in paced time, 512 MiB in virtual time. */
  public static DpuSettings of(Clock clock, Work work) {
    return new DpuSettings(
        clock, work, DEFAULT_UNIT_WAIT, clock == Clock.PACED ? PACED_BYTES : VIRTUAL_BYTES);
  }
}
