package io.sluice.xrm;

import java.util.Objects;
import java.util.Optional;

/**
 * What a slot holds from now on, instead of what it held before.
 *
 * @param slot whose
 * @param epoch counts the lives of the manager, from 1; what an earlier life said is stale
 * @param sequence counts the updates of an epoch, from 0
 * @param atNs when, in nanoseconds of the job's clock; {@link #AT_END} once the last request of the
 *     job is answered
 * @param lease what it holds; none when no unit is left, and then it waits, or at the end
 * @param workLost whether what was running on the unit held before is lost
 * @param reason for people, e.g. {@code card zcu102-0 went offline}
 */
public record LeaseUpdate(
    SlotId slot,
    long epoch,
    long sequence,
    long atNs,
    Optional<Lease> lease,
    boolean workLost,
    String reason) {
  /** When a job has ended: after all that has a time. */
  public static final long AT_END = Long.MAX_VALUE;

  public LeaseUpdate {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(lease, "lease");
    Objects.requireNonNull(reason, "reason");
  }

  /** Whether this was said after another update. */
  public boolean isAfter(long otherEpoch, long otherSequence) {
    return epoch > otherEpoch || (epoch == otherEpoch && sequence > otherSequence);
  }
}
