package io.sluice.xrm.alloc;

import java.util.function.LongPredicate;

/** Numbers from 1 that wrap after the largest, as XRM's ids do, past those still in use. */
final class Ids {
  private long last;

  Ids(long last) {
    this.last = last;
  }

  long last() {
    return last;
  }

  /** The number that {@link #take} takes next. */
  long peek(LongPredicate inUse) {
    long next = last;
    do {
      next = next == Long.MAX_VALUE ? 1 : next + 1;
    } while (inUse.test(next));
    return next;
  }

  void take(long next) {
    last = next;
  }
}
