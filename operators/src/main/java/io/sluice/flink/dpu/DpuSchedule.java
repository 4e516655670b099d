package io.sluice.flink.dpu;

import io.sluice.flink.Failure;
import io.sluice.xrm.LeaseUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The slots of a DPU node that one subtask serves, in simulated time. It knows neither threads nor
 * a clock: requests and lease updates come in with their times, and {@link #drain} plays everything
 * up to a time in the order of {@link Event}. Slots do not influence each other, so the schedule of
 * a slot does not depend on which subtask serves it.
 *
 * <p>Not thread-safe.
 */
final class DpuSchedule {
  private final Surroundings around;
  private final Map<Integer, Slot> slots = new TreeMap<>();

  DpuSchedule(DpuNode node, DpuSettings settings, Device device) {
    this.around = new Surroundings(node, settings, device);
  }

  /** A request comes to a slot at {@link Request#arrivedNs}. */
  void arrive(int slot, Request request) {
    around.agenda().add(new Event.Arrival(slot, request));
  }

  /**
   * The manager says something about one of the slots, which holds from {@code atNs} on; what it
   * says for {@link LeaseUpdate#AT_END} is played when everything is drained.
   */
  void tell(LeaseUpdate update, long atNs) {
    int slot = around.node().slotOfUnit(update.slot().index());
    around.agenda().add(new Event.Told(atNs, slot, update));
  }

  /** A part of the request at a position would have come to a slot, but failed before. */
  void partFailed(int slot, String position, Failure failure, long atNs) {
    around.agenda().add(new Event.PartFailed(atNs, slot, position, failure));
  }

  /** Plays all that happens until a time, that time included. */
  void drain(long untilNs) {
    Agenda agenda = around.agenda();
    TreeSet<Integer> touched = new TreeSet<>();
    while (agenda.isDue(untilNs)) {
      Event event = agenda.next();
      Slot slot = slot(event.slot());
      event.play(slot);
      boolean isLast = !agenda.isDue(event.atNs());
      if (isLast && touched.isEmpty()) {
        slot.settle(event.atNs());
        continue;
      }
      touched.add(event.slot());
      if (isLast) {
        touched.forEach(index -> slot(index).settle(event.atNs()));
        touched.clear();
      }
    }
    slots.values().forEach(slot -> slot.handOverLate(untilNs));
  }

  /** When something happens next, if it is known. */
  OptionalLong nextNs() {
    return around.agenda().nextNs();
  }

  /** Whether there is work that goes on without news of the manager. */
  boolean isMoving() {
    return slots.values().stream().anyMatch(Slot::isMoving);
  }

  /** Whether no request waits or runs or is to come. */
  boolean isIdle() {
    return slots.values().stream().allMatch(Slot::isIdle) && !around.agenda().hasArrivals();
  }

  /** How many units the slots hold. */
  int leases() {
    return slots.values().stream().mapToInt(Slot::leases).sum();
  }

  /** All slots as they are now. */
  List<SlotState> state() {
    Map<Integer, List<Event>> ahead = new TreeMap<>();
    around
        .agenda()
        .events()
        .forEach(event -> ahead.computeIfAbsent(event.slot(), s -> new ArrayList<>()).add(event));
    ahead.keySet().forEach(this::slot);
    return slots.values().stream()
        .map(slot -> slot.state(SlotState.Ahead.of(ahead.getOrDefault(slot.index(), List.of()))))
        .toList();
  }

  /** Goes on with a slot where a checkpoint left it. */
  void restore(SlotState state) {
    slot(state.slot()).restore(state);
    state.ahead().coming().forEach(request -> arrive(state.slot(), request));
    state.ahead().told().forEach(update -> tell(update, update.atNs()));
    state.ahead().failing().forEach(around.agenda()::add);
  }

  private Slot slot(int index) {
    Slot slot = slots.get(index);
    if (slot == null) {
      slot = new Slot(index, around);
      slots.put(index, slot);
    }
    return slot;
  }
}
