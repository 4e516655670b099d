package io.sluice.flink.dpu;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Clock;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * How DPU nodes run.
 *
 * @param clock what time is
 * @param work whether tensors are computed
 * @param maxUnitWait how long a request waits while its slot holds no unit, in the job's time;
 *     after that it fails
 * @param maxInFlightBytes tensors that a subtask takes in of requests. In paced time a subtask that
 *     holds more takes no new ones until a batch is done: it stops reading, so Flink's flow control
 *     stops the stages before it and in the end the source, before it decodes. In virtual time it
 *     cannot stop, since the watermark that would let it go on comes behind the requests: there
 *     {@link QueueSettings#maxBytes} refuses what a slot cannot hold, at the modelled time at which
 *     it comes, and this bounds what is ahead of the watermark; beyond it the job fails
 * @param batching how requests become batches
 * @param queues how requests wait
 * @param retries how often a request begins again
 * @param ordered whether the answers of a slot leave in the order in which its requests came
 * @param warmUp whether every model is loaded and run once, on zeros, before the first request;
 *     this counts in no figure
 * @param cancelSiblings whether a part that failed takes along those parts of its request that wait
 *     at the node or come to it later, which get its failure: in all slots if it failed before it
 *     came to the node, in its own if it failed there
 * @param unitsPerSlot units that work off one queue, if the fleet has so many
 * @param unitChoice which of these begins a batch
 */
public record DpuSettings(
    Clock clock,
    Work work,
    Duration maxUnitWait,
    long maxInFlightBytes,
    BatchingSettings batching,
    QueueSettings queues,
    RetrySettings retries,
    boolean ordered,
    boolean warmUp,
    boolean cancelSiblings,
    int unitsPerSlot,
    UnitChoice unitChoice)
    implements Serializable {
  private static final Duration DEFAULT_UNIT_WAIT = Duration.ofMinutes(1);
  private static final Duration LONGEST_UNIT_WAIT = Duration.ofDays(365);
  private static final long PACED_BYTES = 64L << 20;
  private static final long VIRTUAL_BYTES = 512L << 20;

  /**
   * @throws SluiceException SLUICE_USAGE for a number out of range, and for a choice of units by
   *     deadlines over a queue that has none
   */
  public DpuSettings {
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(work, "work");
    Objects.requireNonNull(batching, "batching");
    Objects.requireNonNull(queues, "queues");
    Objects.requireNonNull(retries, "retries");
    if (unitChoice == UnitChoice.EARLIEST_DEADLINE
        && queues.discipline() != QueueSettings.Discipline.EARLIEST_DEADLINE) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          "units chosen by earliest deadline, for a queue without deadlines",
          "settings of the DPU nodes",
          "leave the discipline as it is, or choose units by earliest finish");
    }
    if (maxUnitWait.isNegative()
        || maxUnitWait.compareTo(LONGEST_UNIT_WAIT) > 0
        || maxInFlightBytes < 1
        || unitsPerSlot < 1
        || unitsPerSlot > DpuNode.MAX_SLOTS) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          "unit wait "
              + maxUnitWait
              + ", "
              + maxInFlightBytes
              + " bytes in flight, "
              + unitsPerSlot
              + " units a slot",
          "settings of the DPU nodes",
          "wait 0 to 365 days, allow at least one byte and 1 to "
              + DpuNode.MAX_SLOTS
              + " units a slot");
    }
  }

  /**
   * A minute of waiting; 64 MiB a subtask in paced time, 512 MiB in virtual time; answers as they
   * come; warm networks where the machine's time counts; a unit a slot, of several the fastest that
   * is free.
   */
  public static DpuSettings of(Clock clock, Work work) {
    boolean paced = clock == Clock.PACED;
    return new DpuSettings(
        clock,
        work,
        DEFAULT_UNIT_WAIT,
        paced ? PACED_BYTES : VIRTUAL_BYTES,
        BatchingSettings.STANDARD,
        QueueSettings.STANDARD,
        RetrySettings.STANDARD,
        false,
        paced && work == Work.EXACT,
        false,
        1,
        UnitChoice.FASTEST_FREE);
  }

  /** With other bounds on what waits. */
  public DpuSettings withBounds(Duration unitWait, long inFlightBytes) {
    return new DpuSettings(
        clock,
        work,
        unitWait,
        inFlightBytes,
        batching,
        queues,
        retries,
        ordered,
        warmUp,
        cancelSiblings,
        unitsPerSlot,
        unitChoice);
  }

  /** With other batches. */
  public DpuSettings with(BatchingSettings other) {
    return with(other, queues, retries);
  }

  /** With other queues. */
  public DpuSettings with(QueueSettings other) {
    return with(batching, other, retries);
  }

  /** With other retries. */
  public DpuSettings with(RetrySettings other) {
    return with(batching, queues, other);
  }

  private DpuSettings with(
      BatchingSettings otherBatching, QueueSettings otherQueues, RetrySettings otherRetries) {
    return new DpuSettings(
        clock,
        work,
        maxUnitWait,
        maxInFlightBytes,
        otherBatching,
        otherQueues,
        otherRetries,
        ordered,
        warmUp,
        cancelSiblings,
        unitsPerSlot,
        unitChoice);
  }

  /** With answers in the order of the requests, or not. */
  public DpuSettings withOrdered(boolean other) {
    return withFlags(other, warmUp, cancelSiblings, unitsPerSlot);
  }

  /** With or without a first run of every model. */
  public DpuSettings withWarmUp(boolean other) {
    return withFlags(ordered, other, cancelSiblings, unitsPerSlot);
  }

  /** With or without an end to what belongs to a request that failed. */
  public DpuSettings withCancelSiblings(boolean other) {
    return withFlags(ordered, warmUp, other, unitsPerSlot);
  }

  /** With another number of units for one queue. */
  public DpuSettings withUnitsPerSlot(int other) {
    return withFlags(ordered, warmUp, cancelSiblings, other);
  }

  /** With another choice of the unit for a batch. */
  public DpuSettings with(UnitChoice other) {
    return new DpuSettings(
        clock,
        work,
        maxUnitWait,
        maxInFlightBytes,
        batching,
        queues,
        retries,
        ordered,
        warmUp,
        cancelSiblings,
        unitsPerSlot,
        other);
  }

  private DpuSettings withFlags(
      boolean otherOrdered, boolean otherWarmUp, boolean otherCancel, int otherUnits) {
    return new DpuSettings(
        clock,
        work,
        maxUnitWait,
        maxInFlightBytes,
        batching,
        queues,
        retries,
        otherOrdered,
        otherWarmUp,
        otherCancel,
        otherUnits,
        unitChoice);
  }
}
