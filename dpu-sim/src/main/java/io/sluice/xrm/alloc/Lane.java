package io.sluice.xrm.alloc;

import java.util.Comparator;
import java.util.TreeSet;

/**
 * Equal requests of a tenant that wait. The first stands for all: what it cannot have no other one
 * is tried for, until something comes free.
 */
final class Lane {
  static final Comparator<Waiting> ORDER =
      Comparator.comparingInt(Waiting::priority).reversed().thenComparingLong(Waiting::ticket);

  private static final long NEVER = -1;

  private final TreeSet<Waiting> waiting = new TreeSet<>(ORDER);
  private long refusedAt = NEVER;
  private boolean explained;

  void add(Waiting added) {
    waiting.add(added);
    if (first() == added) {
      refusedAt = NEVER;
    }
  }

  void remove(Waiting removed) {
    if (first() == removed) {
      refusedAt = NEVER;
    }
    waiting.remove(removed);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  Waiting first() {
    return waiting.first();
  }

  /**
   * Whether the first may be had.
   *
   * @param freed {@link Allocator#freed} now
   */
  boolean isWorthTrying(long freed) {
    return refusedAt != freed;
  }

  /** The first was refused. */
  void refused(long freed) {
    refusedAt = freed;
  }

  /** Whether nobody has asked yet why a request of this kind cannot be had. */
  boolean mayBeHopeless() {
    boolean first = !explained;
    explained = true;
    return first;
  }
}
