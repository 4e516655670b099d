package io.sluice.xrm.alloc;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a tenant waits for, one lane for each different request, so that a lane that cannot be
 * served does not stop the others.
 */
final class Backlog {
  private static final Comparator<Lane> BY_FIRST = Comparator.comparing(Lane::first, Lane.ORDER);

  final String tenant;

  /** Use that it did not have while it wanted nothing, and will not get back. */
  double forgone;

  private final Map<Request, Lane> lanes = new HashMap<>();

  Backlog(String tenant) {
    this.tenant = tenant;
  }

  void add(Waiting waiting) {
    lanes.computeIfAbsent(waiting.wish.request(), r -> new Lane()).add(waiting);
  }

  void remove(Waiting waiting) {
    Lane lane = lanes.get(waiting.wish.request());
    lane.remove(waiting);
    if (lane.isEmpty()) {
      lanes.remove(waiting.wish.request());
    }
  }

  boolean isEmpty() {
    return lanes.isEmpty();
  }

  /** What it waits for, each kind once. */
  Collection<Request> requests() {
    return lanes.keySet();
  }

  /** By the priority, then by the ticket of the first in each. */
  List<Lane> lanes() {
    return lanes.values().stream().sorted(BY_FIRST).toList();
  }
}
