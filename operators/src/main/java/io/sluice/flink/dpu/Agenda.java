package io.sluice.flink.dpu;

import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/** What is going to happen to the slots of a subtask, the next first. */
final class Agenda {
  /** An event and its time at hand: nearly every comparison ends there. */
  private record Entry(long atNs, Event event) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return atNs == other.atNs ? event.compareTo(other.event) : Long.compare(atNs, other.atNs);
    }
  }

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private long nextBatch;

  void add(Event event) {
    entries.add(new Entry(event.atNs(), event));
  }

  /** An id that no batch has had. */
  long batchId() {
    return nextBatch++;
  }

  boolean isDue(long untilNs) {
    return !entries.isEmpty() && entries.element().atNs <= untilNs;
  }

  Event next() {
    return entries.remove().event;
  }

  OptionalLong nextNs() {
    return entries.isEmpty() ? OptionalLong.empty() : OptionalLong.of(entries.element().atNs);
  }

  /** All events in their order. */
  Stream<Event> events() {
    return entries.stream().sorted().map(Entry::event);
  }

  boolean hasArrivals() {
    return entries.stream().anyMatch(entry -> entry.event instanceof Event.Arrival);
  }
}
