package io.sluice.flink.dpu;

import io.sluice.dispatch.Policy;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;

/**
 * Which of its units a slot of several gives its next batch. Unlike in the fleet benchmark, where a
 * {@link Policy} sends a request to a unit as it comes, requests wait at the slot and a unit is
 * chosen when a batch begins; so no unit has batches that wait.
 */
public enum UnitChoice {
  /** Of the units without work the fastest. */
  FASTEST_FREE,

  /** Of the units without work the next in turn. */
  ROUND_ROBIN,

  /** The unit with the least work: of those without any the first. Blind to how fast units are. */
  LEAST_LOADED,

  /**
   * Each waiting batch is planned, in turn, for the unit that is done with it first, be it free or
   * busy. So a slow unit stays free while the others would be done before it with all that waits.
   */
  EARLIEST_FINISH,

  /** Units as EARLIEST_FINISH; the queue is one by deadlines, which it is unless set otherwise. */
  EARLIEST_DEADLINE;

  /**
   * What a dispatch policy means for the units of a slot.
   *
   * @throws SluiceException SLUICE_USAGE for batch affinity: all units of a slot hold its weights
   */
  public static UnitChoice of(Policy policy) {
    return switch (policy) {
      case ROUND_ROBIN -> ROUND_ROBIN;
      case LEAST_LOADED -> LEAST_LOADED;
      case EARLIEST_FINISH -> EARLIEST_FINISH;
      case EARLIEST_DEADLINE -> EARLIEST_DEADLINE;
      case BATCH_AFFINITY ->
          throw new SluiceException(
              ErrorCode.SLUICE_USAGE,
              "policy '" + policy.text() + "'",
              "units of DPU nodes",
              "use another: the units of a node serve one network and keep its weights");
    };
  }
}
