package io.sluice.flink.dpu;

import io.sluice.xrm.LeaseUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The units that work off one queue. */
final class Seats {
  private final List<Seat> seats = new ArrayList<>();

  Seats(int count) {
    for (int seat = 0; seat < count; seat++) {
      seats.add(new Seat(seat));
    }
  }

  int count() {
    return seats.size();
  }

  Seat get(int index) {
    return seats.get(index);
  }

  boolean isAnyLeased() {
    for (Seat seat : seats) {
      if (seat.isLeased()) {
        return true;
      }
    }
    return false;
  }

  int leased() {
    return (int) seats.stream().filter(Seat::isLeased).count();
  }

  boolean isAnyRunning() {
    return seats.stream().anyMatch(Seat::isRunning);
  }

  /** Of the leased units without work the one that takes least time, of several the first. */
  Optional<Seat> fastestFree() {
    Seat fastest = null;
    for (Seat seat : seats) {
      if (seat.isFree() && (fastest == null || seat.slowness() < fastest.slowness())) {
        fastest = seat;
      }
    }
    return Optional.ofNullable(fastest);
  }

  /** Of the leased units without work the first at or after a place, or else before it. */
  Optional<Seat> firstFree(int from) {
    for (int i = 0; i < seats.size(); i++) {
      Seat seat = seats.get((from + i) % seats.size());
      if (seat.isFree()) {
        return Optional.of(seat);
      }
    }
    return Optional.empty();
  }

  List<Seat> overdue() {
    return seats.stream().filter(Seat::isOverdue).toList();
  }

  /** The reason of what the manager said last about any of them. */
  String lastReason() {
    return seats.stream()
        .flatMap(seat -> seat.held().stream())
        .reduce((a, b) -> b.isAfter(a.epoch(), a.sequence()) ? b : a)
        .map(LeaseUpdate::reason)
        .orElse("none was granted yet");
  }

  List<SeatState> states() {
    return seats.stream().map(Seat::state).toList();
  }
}
