package io.sluice.flink.dpu;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Whose deadline comes first is served first; of several, and without one, who came first. A
 * request without a deadline costs no more than in a {@link FifoQueue}.
 */
final class DeadlineQueue implements RequestQueue {
  static final Comparator<Request> ORDER =
      Comparator.comparingLong(Request::dueNs).thenComparingLong(Request::serial);

  private final TreeSet<Request> byDeadline = new TreeSet<>(ORDER);
  private final TreeSet<Request> thoseByArrival = new TreeSet<>(FifoQueue.ORDER);
  private final FifoQueue others = new FifoQueue();

  @Override
  public Comparator<Request> order() {
    return ORDER;
  }

  @Override
  public void add(Request request) {
    if (request.dueNs() == Request.NEVER_DUE) {
      others.add(request);
    } else {
      byDeadline.add(request);
      thoseByArrival.add(request);
    }
  }

  @Override
  public Request poll() {
    if (byDeadline.isEmpty()) {
      return others.poll();
    }
    Request first = byDeadline.pollFirst();
    thoseByArrival.remove(first);
    return first;
  }

  @Override
  public Request peek() {
    return byDeadline.isEmpty() ? others.peek() : byDeadline.first();
  }

  @Override
  public Request oldest() {
    Request other = others.oldest();
    if (thoseByArrival.isEmpty()) {
      return other;
    }
    Request due = thoseByArrival.first();
    return other == null || due.serial() < other.serial() ? due : other;
  }

  @Override
  public void remove(Request request) {
    if (request.dueNs() == Request.NEVER_DUE) {
      others.remove(request);
    } else {
      byDeadline.remove(request);
      thoseByArrival.remove(request);
    }
  }

  @Override
  public int size() {
    return byDeadline.size() + others.size();
  }

  @Override
  public Collection<Request> requests() {
    List<Request> all = new ArrayList<>(byDeadline);
    all.addAll(others.requests());
    return all;
  }
}
