package io.sluice.flink.dpu;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;
import java.time.Duration;

/**
 * What one priority of a slot's queue bears.
 *
 * @param maxQueued requests that wait in time; more are over the limit
 * @param timeout how long a request waits in time, in the job's time; {@link #NO_TIMEOUT} for ever
 * @param action what happens to a request over the limit, beyond its timeout or past its deadline
 */
public record LevelSettings(int maxQueued, Duration timeout, Action action)
    implements Serializable {
  /** What happens to a request that is late or one too many. */
  public enum Action {
    /** It fails. */
    REJECT,

    /** It waits behind all others of its priority, for as long as it takes. */
    DEFER
  }

  /** No request is ever too late. */
  public static final Duration NO_TIMEOUT = Duration.ofDays(365);

  /** No limits; a request whose own deadline passes fails. */
  public static final LevelSettings STANDARD =
      new LevelSettings(Integer.MAX_VALUE, NO_TIMEOUT, Action.REJECT);

  /**
   * @throws SluiceException SLUICE_USAGE for a number out of range
   */
  public LevelSettings {
    if (maxQueued < 0
        || timeout.isNegative()
        || timeout.isZero()
        || timeout.compareTo(NO_TIMEOUT) > 0) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          maxQueued + " queued, timeout " + timeout,
          "a priority of a DPU node",
          "queue 0 or more and use a timeout of 1 ns to 365 days");
    }
  }
}
