package io.sluice.dispatch;

import java.util.Arrays;

/**
 * Events in the order of their times, those of one time in the order in which they were added: a
 * heap of four children to a node in flat arrays, so that adding and taking allocate nothing. What
 * an event is, its owner packs into a long.
 */
final class EventHeap {
  private static final int WAYS = 4;

  private long[] times = new long[64];
  private long[] serials = new long[64];
  private long[] events = new long[64];
  private int size;
  private long added;

  boolean isEmpty() {
    return size == 0;
  }

  /** The time of the next event; the maximum if there is none. */
  long nextNs() {
    return size == 0 ? Long.MAX_VALUE : times[0];
  }

  void add(long atNs, long event) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      serials = Arrays.copyOf(serials, 2 * size);
      events = Arrays.copyOf(events, 2 * size);
    }
    int at = size++;
    long serial = added++;
    while (at > 0) {
      int parent = (at - 1) / WAYS;
      if (times[parent] <= atNs) {
        break;
      }
      move(parent, at);
      at = parent;
    }
    set(at, atNs, serial, event);
  }

  /** Takes the next event out. */
  long take() {
    long taken = events[0];
    size--;
    long atNs = times[size];
    long serial = serials[size];
    long event = events[size];
    int at = 0;
    for (int first = 1; first < size; first = WAYS * at + 1) {
      int least = first;
      int end = Math.min(first + WAYS, size);
      for (int child = first + 1; child < end; child++) {
        if (isBefore(times[child], serials[child], least)) {
          least = child;
        }
      }
      if (isBefore(atNs, serial, least)) {
        break;
      }
      move(least, at);
      at = least;
    }
    set(at, atNs, serial, event);
    return taken;
  }

  private boolean isBefore(long atNs, long serial, int other) {
    return atNs < times[other] || (atNs == times[other] && serial < serials[other]);
  }

  private void move(int from, int to) {
    set(to, times[from], serials[from], events[from]);
  }

  private void set(int at, long atNs, long serial, long event) {
    times[at] = atNs;
    serials[at] = serial;
    events[at] = event;
  }
}
