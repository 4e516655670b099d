package io.sluice.flink.dpu;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;
import java.util.List;
import java.util.function.Supplier;

/**
 * How the requests of a slot wait.
 *
 * @param discipline who is first of one priority
 * @param levels the priorities, the most urgent first; it always goes before the others
 * @param usual the priority, from 1, of a request that does not name one
 * @param maxBytes tensors that a slot holds of requests that wait or run; what comes on top fails
 */
public record QueueSettings(
    Discipline discipline, List<LevelSettings> levels, int usual, long maxBytes)
    implements Serializable {
  /** Who is first of one priority. */
  public enum Discipline {
    /** Who came first. */
    FIFO(FifoQueue::new),

    /** Whose deadline comes first; those without one after all others, who came first. */
    EARLIEST_DEADLINE(DeadlineQueue::new);

    private final transient Supplier<RequestQueue> queue;

    Discipline(Supplier<RequestQueue> queue) {
      this.queue = queue;
    }

    RequestQueue queue() {
      return queue.get();
    }
  }

  /** No slot has more priorities. */
  public static final int MAX_LEVELS = 64;

  private static final long STANDARD_BYTES = 128L << 20;

  /** One priority, earliest deadline first, 128 MiB. */
  public static final QueueSettings STANDARD = of(LevelSettings.STANDARD);

  /**
   * @throws SluiceException SLUICE_USAGE for a number out of range
   */
  public QueueSettings {
    levels = List.copyOf(levels);
    if (levels.isEmpty()
        || levels.size() > MAX_LEVELS
        || usual < 1
        || usual > levels.size()
        || maxBytes < 1) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          levels.size() + " priorities, usual " + usual + ", " + maxBytes + " bytes a slot",
          "queues of a DPU node",
          "use 1 to " + MAX_LEVELS + " priorities, one of them the usual, and at least one byte");
    }
  }

  /** As many priorities as levels are given, the last the usual one. */
  public static QueueSettings of(LevelSettings... levels) {
    return new QueueSettings(
        Discipline.EARLIEST_DEADLINE, List.of(levels), levels.length, STANDARD_BYTES);
  }

  /** With another bound on the tensors of a slot. */
  public QueueSettings withMaxBytes(long bytes) {
    return new QueueSettings(discipline, levels, usual, bytes);
  }

  /** With another order of one priority. */
  public QueueSettings with(Discipline other) {
    return new QueueSettings(other, levels, usual, maxBytes);
  }
}
