package io.sluice.flink.dpu;

import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** One queue of a DPU node and the unit that works it off. */
final class Slot {
  private final int index;
  private final ArrayDeque<Request> queue = new ArrayDeque<>();
  private Optional<LeaseUpdate> held = Optional.empty();
  private long unleasedSinceNs;
  private Optional<Batch> running = Optional.empty();

  Slot(int index) {
    this.index = index;
  }

  int index() {
    return index;
  }

  Optional<Lease> lease() {
    return held.flatMap(LeaseUpdate::lease);
  }

  Optional<LeaseUpdate> held() {
    return held;
  }

  Optional<Batch> running() {
    return running;
  }

  boolean isIdle() {
    return running.isEmpty() && queue.isEmpty();
  }

  /** Whether it could begin a batch. */
  boolean isReady() {
    return running.isEmpty() && !queue.isEmpty() && lease().isPresent();
  }

  void enqueue(Request request) {
    queue.add(request);
  }

  /** The oldest request and those behind it that are for the same model, {@code most} at most. */
  List<Request> take(int most) {
    List<Request> taken = new ArrayList<>();
    int width = queue.element().width();
    for (Iterator<Request> i = queue.iterator(); i.hasNext() && taken.size() < most; ) {
      Request request = i.next();
      if (request.width() == width) {
        taken.add(request);
        i.remove();
      }
    }
    return taken;
  }

  Request oldest() {
    return queue.element();
  }

  void begin(Batch batch) {
    running = Optional.of(batch);
  }

  void end() {
    running = Optional.empty();
  }

  /**
   * Takes over what the manager says.
   *
   * @return whether it was news; what an earlier life of the manager said is dropped
   */
  boolean tell(LeaseUpdate update, long atNs) {
    if (held.isPresent() && !update.isAfter(held.get().epoch(), held.get().sequence())) {
      return false;
    }
    if (lease().isPresent() && update.lease().isEmpty()) {
      unleasedSinceNs = atNs;
    }
    held = Optional.of(update);
    return true;
  }

  /** Puts what was running back to the head of the queue. */
  Optional<Batch> abandon() {
    Optional<Batch> lost = running;
    lost.ifPresent(
        batch -> {
          for (int i = batch.requests().size() - 1; i >= 0; i--) {
            queue.addFirst(batch.requests().get(i));
          }
        });
    running = Optional.empty();
    return lost;
  }

  /** Since when a request waits for a unit, if the slot holds none. */
  long unleasedNs(Request request) {
    return Math.max(unleasedSinceNs, request.arrivedNs());
  }

  /** Takes the requests out that have waited for a unit until {@code untilNs} or longer. */
  List<Request> expire(long untilNs, long maxWaitNs) {
    List<Request> expired = new ArrayList<>();
    for (Iterator<Request> i = queue.iterator(); i.hasNext(); ) {
      Request request = i.next();
      if (unleasedNs(request) + maxWaitNs <= untilNs) {
        expired.add(request);
        i.remove();
      }
    }
    return expired;
  }

  SlotState state(List<Request> coming, List<LeaseUpdate> told) {
    return new SlotState(index, held, unleasedSinceNs, List.copyOf(queue), running, coming, told);
  }

  void restore(SlotState state) {
    held = state.held();
    unleasedSinceNs = state.unleasedSinceNs();
    queue.addAll(state.queue());
    running = state.running();
  }

  List<Request> queued() {
    return List.copyOf(queue);
  }
}
