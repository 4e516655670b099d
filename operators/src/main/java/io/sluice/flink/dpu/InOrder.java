package io.sluice.flink.dpu;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Holds answers back until all requests that came before have theirs. */
final class InOrder {
  private final SortedMap<Long, Answer> held = new TreeMap<>();
  private long next;

  /**
   * @param serial of the request
   * @param out takes the answers that may leave, at the time of this one
   */
  void answer(long serial, Answer answer, Consumer<Answer> out) {
    held.put(serial, answer);
    while (!held.isEmpty() && held.firstKey() == next) {
      out.accept(held.remove(next).at(answer.atNs()));
      next++;
    }
  }

  /** The request whose answer leaves next. */
  long next() {
    return next;
  }

  SortedMap<Long, Answer> held() {
    return Collections.unmodifiableSortedMap(held);
  }

  void restore(long nextSerial, SortedMap<Long, Answer> answers) {
    next = nextSerial;
    held.putAll(answers);
  }
}
