package io.sluice.flink.dpu;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Failure;
import io.sluice.xrm.LeaseUpdate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A slot as a checkpoint keeps it.
 *
 * @param slot its index
 * @param seats its units
 * @param unleasedSinceNs since when it holds no unit, if it holds none
 * @param nextSerial how many requests have come
 * @param queue requests that wait, in the order in which they came
 * @param failedJobs positions of requests of which a part failed, and why, the first first
 * @param nextAnswer the request whose answer leaves next, if answers leave in order
 * @param heldAnswers answers that wait for it, by request
 * @param wakeNs when it has to look what is due; the end of time if never
 * @param turn the unit whose turn is next, if units are chosen in turn
 * @param ahead what is going to happen to it
 */
record SlotState(
    int slot,
    List<SeatState> seats,
    long unleasedSinceNs,
    long nextSerial,
    List<Request> queue,
    Map<String, Failure> failedJobs,
    long nextAnswer,
    SortedMap<Long, Answer> heldAnswers,
    long wakeNs,
    int turn,
    Ahead ahead) {
  /**
   * Events whose time has not come.
   *
   * @param coming requests
   * @param told lease updates
   * @param failing parts that failed elsewhere
   */
  record Ahead(List<Request> coming, List<LeaseUpdate> told, List<Event.PartFailed> failing) {
    Ahead {
      coming = List.copyOf(coming);
      told = List.copyOf(told);
      failing = List.copyOf(failing);
    }

    static Ahead of(List<Event> events) {
      List<Request> coming = new ArrayList<>();
      List<LeaseUpdate> told = new ArrayList<>();
      List<Event.PartFailed> failing = new ArrayList<>();
      for (Event event : events) {
        if (event instanceof Event.Arrival arrival) {
          coming.add(arrival.request());
        } else if (event instanceof Event.Told said) {
          told.add(said.update());
        } else if (event instanceof Event.PartFailed failed) {
          failing.add(failed);
        }
      }
      return new Ahead(coming, told, failing);
    }
  }

  SlotState {
    seats = List.copyOf(seats);
    queue = List.copyOf(queue);
    failedJobs = Collections.unmodifiableMap(new LinkedHashMap<>(failedJobs));
    heldAnswers = Collections.unmodifiableSortedMap(new TreeMap<>(heldAnswers));
  }

  /** Tensors of all requests in it. */
  long bytes() {
    return requests().mapToLong(Request::bytes).sum()
        + heldAnswers.values().stream().mapToLong(Answer::requestBytes).sum();
  }

  private Stream<Request> requests() {
    Stream<Request> running =
        seats.stream()
            .flatMap(seat -> seat.running().stream())
            .flatMap(batch -> batch.requests().stream());
    return Stream.concat(running, Stream.concat(queue.stream(), ahead.coming().stream()));
  }

  /**
   * Checks that a node can go on with this.
   *
   * @throws SluiceException SLUICE_USAGE if it was kept of a node with more slots, units, models or
   *     priorities
   */
  void requireFits(DpuNode node, DpuSettings settings) {
    int levels = settings.queues().levels().size();
    boolean fits =
        slot < node.slots()
            && turn >= 0
            && turn < node.seats(slot)
            && seats.stream().allMatch(seat -> seat.seat() < node.seats(slot))
            && requests()
                .allMatch(r -> r.level() < levels && node.modelsByWidth().containsKey(r.width()));
    if (!fits) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          "the state to go on from is of more slots, units, models or priorities",
          "slot " + slot + " of DPU node '" + node.id() + "'",
          "go on with the node and settings that the state was taken of, or start anew");
    }
  }

  /** The same slot when time begins anew: what waited and ran has just come and waits. */
  SlotState rebased() {
    List<Request> again = new ArrayList<>(queue);
    seats.forEach(seat -> seat.running().ifPresent(batch -> again.addAll(batch.requests())));
    again.sort(FifoQueue.ORDER);
    return new SlotState(
        slot,
        seats.stream()
            .map(seat -> new SeatState(seat.seat(), seat.held(), Optional.empty()))
            .toList(),
        0,
        nextSerial,
        again.stream().map(request -> request.at(0)).toList(),
        failedJobs,
        nextAnswer,
        heldAnswers,
        0,
        turn,
        new Ahead(
            ahead.coming().stream().map(request -> request.at(0)).toList(),
            ahead.told(),
            ahead.failing().stream()
                .map(f -> new Event.PartFailed(0, f.slot(), f.position(), f.failure()))
                .toList()));
  }
}
