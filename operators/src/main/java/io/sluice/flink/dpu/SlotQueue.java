package io.sluice.flink.dpu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * All requests that wait at a slot. A priority goes before those below it; within one, what is in
 * time goes before what was deferred. Each has a {@link RequestQueue} a model, so that a batch is
 * found without a look at what waits for other models.
 */
final class SlotQueue {
  private final QueueSettings settings;
  private final List<Integer> widths;

  /** By rank, two for each priority: in time, deferred; then by index of the width. */
  private final RequestQueue[][] queues;

  private final int[] inTime;
  private final NavigableSet<Request> byDue =
      new TreeSet<>(Comparator.comparingLong(Request::dueNs).thenComparing(FifoQueue.ORDER));
  private int size;

  /**
   * @param widths of the models
   */
  SlotQueue(QueueSettings settings, Iterable<Integer> widths) {
    this.settings = settings;
    List<Integer> all = new ArrayList<>();
    widths.forEach(all::add);
    this.widths = List.copyOf(all);
    int levels = settings.levels().size();
    this.inTime = new int[levels];
    this.queues = new RequestQueue[2 * levels][this.widths.size()];
    for (int rank = 0; rank < queues.length; rank++) {
      for (int w = 0; w < this.widths.size(); w++) {
        queues[rank][w] = rank % 2 == 0 ? settings.discipline().queue() : new FifoQueue();
      }
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  /**
   * A request comes.
   *
   * @return whether it waits; if not, its priority is full
   */
  boolean offer(Request request) {
    LevelSettings level = settings.levels().get(request.level());
    if (inTime[request.level()] < level.maxQueued()) {
      add(request);
    } else if (level.action() == LevelSettings.Action.DEFER) {
      add(request.defer());
    } else {
      return false;
    }
    return true;
  }

  /** Lets a request wait, whatever waits already: one that waited before. */
  void add(Request request) {
    queueOf(request).add(request);
    size++;
    if (!request.deferred()) {
      inTime[request.level()]++;
      if (request.dueNs() != Request.NEVER_DUE) {
        byDue.add(request);
      }
    }
  }

  /** Takes one out that waits. */
  void remove(Request request) {
    queueOf(request).remove(request);
    removed(request);
  }

  private void removed(Request request) {
    size--;
    if (!request.deferred()) {
      inTime[request.level()]--;
      if (request.dueNs() != Request.NEVER_DUE) {
        byDue.remove(request);
      }
    }
  }

  private RequestQueue queueOf(Request request) {
    return queues[2 * request.level() + (request.deferred() ? 1 : 0)][index(request.width())];
  }

  private int index(int width) {
    int index = widths.indexOf(width);
    if (index < 0) {
      throw new IllegalArgumentException("no model for width " + width);
    }
    return index;
  }

  /** The models that requests wait for, that of the first request first. */
  List<Integer> widths() {
    if (widths.size() == 1) {
      return widths;
    }
    List<Integer> found = new ArrayList<>(widths.size());
    for (RequestQueue[] rank : queues) {
      List<Request> heads = new ArrayList<>(widths.size());
      for (RequestQueue queue : rank) {
        if (queue.peek() != null) {
          heads.add(queue.peek());
        }
      }
      heads.sort(rank[0].order());
      for (Request head : heads) {
        if (!found.contains(head.width())) {
          found.add(head.width());
        }
      }
      if (found.size() == widths.size()) {
        break;
      }
    }
    return found;
  }

  /** How many wait for a model. */
  int count(int width) {
    int w = index(width);
    int count = 0;
    for (RequestQueue[] rank : queues) {
      count += rank[w].size();
    }
    return count;
  }

  /** When the first of those came that wait for a model. */
  long oldestNs(int width) {
    int w = index(width);
    long oldest = Long.MAX_VALUE;
    for (RequestQueue[] rank : queues) {
      if (rank[w].oldest() != null) {
        oldest = Math.min(oldest, rank[w].oldest().arrivedNs());
      }
    }
    return oldest;
  }

  /** Takes the first requests for a model out. */
  List<Request> take(int width, int count) {
    int w = index(width);
    List<Request> taken = new ArrayList<>(count);
    for (RequestQueue[] rank : queues) {
      while (taken.size() < count && rank[w].peek() != null) {
        Request request = rank[w].poll();
        removed(request);
        taken.add(request);
      }
    }
    return taken;
  }

  /** Who came first of all. */
  Request oldest() {
    Request oldest = null;
    for (RequestQueue[] rank : queues) {
      for (RequestQueue queue : rank) {
        Request first = queue.oldest();
        if (first != null && (oldest == null || first.serial() < oldest.serial())) {
          oldest = first;
        }
      }
    }
    return oldest;
  }

  /** When the next request is too late; the end of time if none will be. */
  long nextDueNs() {
    return byDue.isEmpty() ? Long.MAX_VALUE : byDue.first().dueNs();
  }

  /**
   * Takes the requests out that are too late and have to fail, and defers those that may go on.
   *
   * @param rejected called for each that fails, the first due first
   */
  void expire(long nowNs, Consumer<Request> rejected) {
    while (!byDue.isEmpty() && nextDueNs() <= nowNs) {
      Request late = byDue.first();
      remove(late);
      if (settings.levels().get(late.level()).action() == LevelSettings.Action.DEFER) {
        add(late.defer());
      } else {
        rejected.accept(late);
      }
    }
  }

  /** Takes all out that are meant, in the order in which they came. */
  List<Request> removeIf(Predicate<Request> meant) {
    List<Request> found = requests().stream().filter(meant).toList();
    found.forEach(this::remove);
    return found;
  }

  /** All that wait, in the order in which they came. */
  List<Request> requests() {
    List<Request> all = new ArrayList<>(size);
    for (RequestQueue[] rank : queues) {
      for (RequestQueue queue : rank) {
        all.addAll(queue.requests());
      }
    }
    all.sort(FifoQueue.ORDER);
    return all;
  }
}
