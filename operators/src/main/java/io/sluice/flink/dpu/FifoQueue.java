package io.sluice.flink.dpu;

import java.util.Collection;
import java.util.Comparator;
import java.util.TreeSet;

/** Who came first is served first. */
final class FifoQueue implements RequestQueue {
  static final Comparator<Request> ORDER = Comparator.comparingLong(Request::serial);

  private final TreeSet<Request> requests = new TreeSet<>(ORDER);

  @Override
  public Comparator<Request> order() {
    return ORDER;
  }

  @Override
  public void add(Request request) {
    requests.add(request);
  }

  @Override
  public Request poll() {
    return requests.pollFirst();
  }

  @Override
  public Request peek() {
    return requests.isEmpty() ? null : requests.first();
  }

  @Override
  public Request oldest() {
    return peek();
  }

  @Override
  public void remove(Request request) {
    requests.remove(request);
  }

  @Override
  public int size() {
    return requests.size();
  }

  @Override
  public Collection<Request> requests() {
    return requests;
  }
}
