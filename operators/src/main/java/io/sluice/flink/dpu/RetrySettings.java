package io.sluice.flink.dpu;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;

/**
 * How often a request begins again before it fails.
 *
 * @param lost times after its unit died under it
 * @param failed times after its network failed; a network fails again on the same input unless one
 *     of its CPU operators depends on something else
 */
public record RetrySettings(int lost, int failed) implements Serializable {
  /** More would only hide that a request never comes through. */
  public static final int MOST = 1000;

  /** 16 units may die under a request; what its network refuses fails at once. */
  public static final RetrySettings STANDARD = new RetrySettings(16, 0);

  /**
   * @throws SluiceException SLUICE_USAGE for a number out of range
   */
  public RetrySettings {
    if (lost < 0 || lost > MOST || failed < 0 || failed > MOST) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          lost + " retries after a loss, " + failed + " after a failure",
          "retries of a DPU node",
          "use 0 to " + MOST);
    }
  }
}
