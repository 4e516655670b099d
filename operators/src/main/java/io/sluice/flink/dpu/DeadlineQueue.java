package io.sluice.flink.dpu;

import java.util.Collection;
import java.util.Comparator;
import java.util.TreeSet;

/** Whose deadline comes first is served first; of several, and without one, who came first. */
final class DeadlineQueue implements RequestQueue {
  static final Comparator<Request> ORDER =
      Comparator.comparingLong(Request::dueNs).thenComparingLong(Request::serial);

  private final TreeSet<Request> byDeadline = new TreeSet<>(ORDER);
  private final TreeSet<Request> byArrival = new TreeSet<>(FifoQueue.ORDER);

  @Override
  public Comparator<Request> order() {
    return ORDER;
  }

  @Override
  public void add(Request request) {
    byDeadline.add(request);
    byArrival.add(request);
  }

  @Override
  public Request poll() {
    Request first = byDeadline.pollFirst();
    if (first != null) {
      byArrival.remove(first);
    }
    return first;
  }

  @Override
  public Request peek() {
    return byDeadline.isEmpty() ? null : byDeadline.first();
  }

  @Override
  public Request oldest() {
    return byArrival.isEmpty() ? null : byArrival.first();
  }

  @Override
  public void remove(Request request) {
    byDeadline.remove(request);
    byArrival.remove(request);
  }

  @Override
  public int size() {
    return byDeadline.size();
  }

  @Override
  public Collection<Request> requests() {
    return byDeadline;
  }
}
