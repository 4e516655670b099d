package io.sluice.dispatch;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;
import java.util.List;

/**
 * How dispatchers work.
 *
 * @param policy which unit a request is sent to
 * @param hostNs time that a thread of the host works for a request before it is sent; it scales the
 *     host, so it is the same for all networks
 * @param maxLosses how often a request begins again after its card died
 * @param maxUnitWaitNs how long a request waits while no living unit runs its network
 * @param deadlinesNs for each network how long after its arrival a request is wanted; empty if it
 *     does not matter
 * @param measuredFromNs busy times are counted from then
 * @param measuredUntilNs and until then; after it nobody sends a next request
 */
public record DispatchSettings(
    Policy policy,
    long hostNs,
    int maxLosses,
    long maxUnitWaitNs,
    List<Long> deadlinesNs,
    long measuredFromNs,
    long measuredUntilNs)
    implements Serializable {
  private static final long MOST_NS = 1L << 60;

  /**
   * @throws SluiceException SLUICE_USAGE for a number out of range
   */
  public DispatchSettings {
    deadlinesNs = List.copyOf(deadlinesNs);
    if (hostNs < 0
        || hostNs > MOST_NS
        || maxLosses < 0
        || maxUnitWaitNs < 1
        || maxUnitWaitNs > MOST_NS
        || deadlinesNs.stream().anyMatch(d -> d < 0 || d > MOST_NS)
        || measuredFromNs < 0
        || measuredUntilNs < measuredFromNs
        || measuredUntilNs > MOST_NS) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          "host "
              + hostNs
              + " ns, "
              + maxLosses
              + " losses, unit wait "
              + maxUnitWaitNs
              + " ns, deadlines "
              + deadlinesNs
              + " ns, measured "
              + measuredFromNs
              + " to "
              + measuredUntilNs
              + " ns",
          "settings of the dispatchers",
          "use times of 0 to " + MOST_NS + " ns, and at least 1 ns to wait for a unit");
    }
  }

  /** A policy and nothing else: no host time, no deadlines, a minute for a unit to come. */
  public static DispatchSettings of(Policy policy) {
    return new DispatchSettings(policy, 0, 16, 60_000_000_000L, List.of(), 0, 0);
  }

  /** With another time of the host for a request. */
  public DispatchSettings withHostNs(long other) {
    return new DispatchSettings(
        policy, other, maxLosses, maxUnitWaitNs, deadlinesNs, measuredFromNs, measuredUntilNs);
  }

  /** With deadlines for the networks. */
  public DispatchSettings withDeadlinesNs(List<Long> others) {
    return new DispatchSettings(
        policy, hostNs, maxLosses, maxUnitWaitNs, others, measuredFromNs, measuredUntilNs);
  }

  /** Measured in another time. */
  public DispatchSettings measured(long fromNs, long untilNs) {
    return new DispatchSettings(
        policy, hostNs, maxLosses, maxUnitWaitNs, deadlinesNs, fromNs, untilNs);
  }

  long deadlineNs(int network, long arrivedNs) {
    return deadlinesNs.isEmpty()
        ? Long.MAX_VALUE
        : arrivedNs + deadlinesNs.get(network % deadlinesNs.size());
  }
}
