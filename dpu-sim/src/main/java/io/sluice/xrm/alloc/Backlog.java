package io.sluice.xrm.alloc;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a tenant waits for, one lane for each different request, so that a lane that cannot be
 * served does not stop the others.
 */
final class Backlog {
  private static final Comparator<Waiting> ORDER =
      Comparator.comparingInt(Waiting::priority).reversed().thenComparingLong(Waiting::ticket);

  private final Map<Request, NavigableSet<Waiting>> lanes = new HashMap<>();

  /** Use that it did not have while it wanted nothing, and will not get back. */
  double forgone;

  void add(Waiting waiting) {
    lanes.computeIfAbsent(waiting.wish.request(), r -> new TreeSet<>(ORDER)).add(waiting);
  }

  void remove(Waiting waiting) {
    NavigableSet<Waiting> lane = lanes.get(waiting.wish.request());
    lane.remove(waiting);
    if (lane.isEmpty()) {
      lanes.remove(waiting.wish.request());
    }
  }

  boolean isEmpty() {
    return lanes.isEmpty();
  }

  /** The next by priority, then by ticket, in the lanes that are not blocked. */
  Optional<Waiting> next(Set<Request> blocked) {
    return lanes.entrySet().stream()
        .filter(lane -> !blocked.contains(lane.getKey()))
        .map(lane -> lane.getValue().first())
        .min(ORDER);
  }
}
