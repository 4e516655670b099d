package io.sluice.flink.dpu;

import java.util.Collection;
import java.util.Comparator;

/**
 * Requests of one priority and one model that wait, each with another {@link Request#serial}. A
 * request that is put back takes the place that it had. Not thread-safe.
 */
interface RequestQueue {
  /** Who goes before whom. */
  Comparator<Request> order();

  void add(Request request);

  /** Takes the first one out; null if there is none. */
  Request poll();

  /** The first one; null if there is none. */
  Request peek();

  /** The one that came first; null if there is none. */
  Request oldest();

  /** Takes one out. */
  void remove(Request request);

  int size();

  /** All of them in their order. */
  Collection<Request> requests();
}
