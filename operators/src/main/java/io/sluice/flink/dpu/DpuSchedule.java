package io.sluice.flink.dpu;

import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The slots of a DPU node that one subtask serves, in simulated time. It knows neither threads nor
 * a clock: requests and lease updates come in with their times, and {@link #drain} plays everything
 * up to a time in order.
 *
 * <p><b>Order.</b> At one instant batches finish first, then leases change, then requests arrive
 * (in the order of {@link Request}), then waiting is given up; after that every idle slot with a
 * unit begins a batch. A batch is the oldest request and others for the same model, as many as the
 * unit takes at once; none waits for a batch to fill. Slots do not influence each other, so the
 * schedule of a slot does not depend on which subtask serves it.
 *
 * <p>Not thread-safe.
 */
final class DpuSchedule {
  private enum Kind {
    FINISH,
    LEASE,
    ARRIVAL,
    GIVE_UP
  }

  private record Event(
      long atNs,
      Kind kind,
      int slot,
      long batch,
      Optional<LeaseUpdate> update,
      Optional<Request> request) {
    private static final Comparator<LeaseUpdate> BY_SAYING =
        Comparator.comparingLong(LeaseUpdate::epoch).thenComparingLong(LeaseUpdate::sequence);
    static final Comparator<Event> ORDER =
        Comparator.comparingLong(Event::atNs)
            .thenComparing(Event::kind)
            .thenComparingInt(Event::slot)
            .thenComparing(
                (a, b) ->
                    a.update.isEmpty() ? 0 : BY_SAYING.compare(a.update.get(), b.update.get()))
            .thenComparing(
                (a, b) -> a.request.isEmpty() ? 0 : a.request.get().compareTo(b.request.get()));

    static Event finish(Batch batch) {
      return new Event(
          batch.finishNs(),
          Kind.FINISH,
          batch.slot(),
          batch.id(),
          Optional.empty(),
          Optional.empty());
    }

    static Event lease(long atNs, LeaseUpdate update) {
      return new Event(
          atNs, Kind.LEASE, update.slot().index(), 0, Optional.of(update), Optional.empty());
    }

    static Event arrival(int slot, Request request) {
      return new Event(
          request.arrivedNs(), Kind.ARRIVAL, slot, 0, Optional.empty(), Optional.of(request));
    }

    static Event giveUp(long atNs, int slot) {
      return new Event(atNs, Kind.GIVE_UP, slot, 0, Optional.empty(), Optional.empty());
    }
  }

  private final DpuNode node;
  private final long maxUnitWaitNs;
  private final Device device;
  private final ServiceTimes times = new ServiceTimes();
  private final Map<Integer, Slot> slots = new TreeMap<>();
  private final Set<Integer> overdue = new TreeSet<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>(Event.ORDER);
  private long nextBatch;

  /**
   * @param maxUnitWaitNs how long a request waits while its slot holds no unit
   */
  DpuSchedule(DpuNode node, long maxUnitWaitNs, Device device) {
    this.node = node;
    this.maxUnitWaitNs = maxUnitWaitNs;
    this.device = device;
  }

  /** A request comes to a slot at {@link Request#arrivedNs}. */
  void arrive(int slot, Request request) {
    events.add(Event.arrival(slot, request));
  }

  /** The manager says something about one of the slots, which holds from {@code atNs} on. */
  void tell(LeaseUpdate update, long atNs) {
    events.add(Event.lease(atNs, update));
  }

  /** Plays all that happens until a time, that time included. */
  void drain(long untilNs) {
    for (int index : List.copyOf(overdue)) {
      handOver(slot(index));
      begin(slot(index), untilNs);
    }
    while (!events.isEmpty() && events.element().atNs() <= untilNs) {
      long nowNs = events.element().atNs();
      Set<Integer> touched = new TreeSet<>();
      while (!events.isEmpty() && events.element().atNs() == nowNs) {
        Event event = events.remove();
        touched.add(event.slot());
        handle(event, slot(event.slot()));
      }
      touched.forEach(index -> begin(slot(index), nowNs));
    }
  }

  private void handle(Event event, Slot slot) {
    switch (event.kind()) {
      case FINISH -> {
        if (slot.running().filter(batch -> batch.id() == event.batch()).isPresent()) {
          handOver(slot);
        }
      }
      case LEASE -> change(slot, event.update().orElseThrow(), event.atNs());
      case ARRIVAL -> {
        slot.enqueue(event.request().orElseThrow());
        if (slot.lease().isEmpty()) {
          giveUpAfter(event.atNs(), slot);
        }
      }
      case GIVE_UP -> {
        if (slot.lease().isEmpty()) {
          String why = slot.held().map(LeaseUpdate::reason).orElse("none was granted yet");
          slot.expire(event.atNs(), maxUnitWaitNs)
              .forEach(request -> device.expired(request, event.atNs(), why));
        }
      }
    }
  }

  private void handOver(Slot slot) {
    if (device.finished(slot.running().orElseThrow())) {
      slot.end();
      overdue.remove(slot.index());
    } else {
      overdue.add(slot.index());
    }
  }

  private void change(Slot slot, LeaseUpdate update, long nowNs) {
    if (!slot.tell(update, nowNs)) {
      return;
    }
    if (update.workLost()) {
      slot.abandon().ifPresent(device::lost);
      overdue.remove(slot.index());
    }
    if (update.lease().isEmpty() && !slot.queued().isEmpty()) {
      giveUpAfter(nowNs, slot);
    }
  }

  private void giveUpAfter(long nowNs, Slot slot) {
    events.add(Event.giveUp(nowNs + maxUnitWaitNs, slot.index()));
  }

  private void begin(Slot slot, long nowNs) {
    if (!slot.isReady()) {
      return;
    }
    Lease lease = slot.lease().orElseThrow();
    DpuModel model = node.modelsByWidth().get(slot.oldest().width());
    List<Request> requests = slot.take(model.batch());
    long finishNs = nowNs + times.ns(model, lease, requests.size());
    Batch batch = new Batch(nextBatch++, slot.index(), requests, nowNs, finishNs);
    slot.begin(batch);
    events.add(Event.finish(batch));
    device.begun(batch);
  }

  /** When something happens next, if it is known. */
  OptionalLong nextNs() {
    return events.isEmpty() ? OptionalLong.empty() : OptionalLong.of(events.element().atNs());
  }

  /** Whether a unit works on something. */
  boolean isWorking() {
    return slots.values().stream().anyMatch(slot -> slot.running().isPresent());
  }

  /** Whether no request waits or runs or is to come. */
  boolean isIdle() {
    return slots.values().stream().allMatch(Slot::isIdle)
        && events.stream().noneMatch(event -> event.kind() == Kind.ARRIVAL);
  }

  /** All slots as they are now. */
  List<SlotState> state() {
    Map<Integer, List<Request>> coming = new TreeMap<>();
    Map<Integer, List<LeaseUpdate>> told = new TreeMap<>();
    events.stream()
        .sorted(Event.ORDER)
        .forEach(
            event -> {
              slot(event.slot());
              event.request().ifPresent(r -> list(coming, event.slot()).add(r));
              event.update().ifPresent(u -> list(told, event.slot()).add(u));
            });
    return slots.values().stream()
        .map(slot -> slot.state(list(coming, slot.index()), list(told, slot.index())))
        .toList();
  }

  private static <T> List<T> list(Map<Integer, List<T>> lists, int slot) {
    return lists.computeIfAbsent(slot, s -> new ArrayList<>());
  }

  /** Goes on with a slot where a checkpoint left it. */
  void restore(SlotState state) {
    Slot slot = slot(state.slot());
    slot.restore(state);
    state
        .running()
        .ifPresent(
            saved -> {
              Batch batch =
                  new Batch(
                      nextBatch++,
                      saved.slot(),
                      saved.requests(),
                      saved.startNs(),
                      saved.finishNs());
              slot.begin(batch);
              events.add(Event.finish(batch));
              device.begun(batch);
            });
    state.coming().forEach(request -> arrive(state.slot(), request));
    state.told().forEach(update -> tell(update, update.atNs()));
    if (slot.lease().isEmpty()) {
      slot.queued().forEach(request -> giveUpAfter(slot.unleasedNs(request), slot));
    }
  }

  private Slot slot(int index) {
    return slots.computeIfAbsent(index, Slot::new);
  }
}
