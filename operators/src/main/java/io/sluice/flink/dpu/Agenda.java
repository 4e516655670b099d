package io.sluice.flink.dpu;

import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/** What is going to happen to the slots of a subtask, the next first. */
final class Agenda {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nextBatch;

  void add(Event event) {
    events.add(event);
  }

  /** An id that no batch has had. */
  long batchId() {
    return nextBatch++;
  }

  boolean isDue(long untilNs) {
    return !events.isEmpty() && events.element().atNs() <= untilNs;
  }

  Event next() {
    return events.remove();
  }

  OptionalLong nextNs() {
    return events.isEmpty() ? OptionalLong.empty() : OptionalLong.of(events.element().atNs());
  }

  /** All events in their order. */
  Stream<Event> events() {
    return events.stream().sorted();
  }

  boolean hasArrivals() {
    return events.stream().anyMatch(Event.Arrival.class::isInstance);
  }
}
