package io.sluice.flink.dpu;

import java.util.Optional;
import java.util.function.ToLongFunction;

/** Chooses the unit of a slot that begins a batch. Costs a look at each of the slot's units. */
final class SeatChooser {
  private final UnitChoice choice;
  private final Seats seats;
  private int turn;

  SeatChooser(UnitChoice choice, Seats seats) {
    this.choice = choice;
    this.seats = seats;
  }

  /** The unit whose turn is next, which is all that is kept between two choices. */
  int turn() {
    return turn;
  }

  void restore(int savedTurn) {
    turn = savedTurn;
  }

  /**
   * The unit for the first of the batches that wait.
   *
   * @param serviceNs how long a leased unit takes for a batch, at least 1
   * @param batches how many wait, each taken to be as large as the first
   * @return none if no unit is free, or it is better to wait for one
   */
  Optional<Seat> choose(ToLongFunction<Seat> serviceNs, long batches, long nowNs) {
    return switch (choice) {
      case FASTEST_FREE -> seats.fastestFree();
      case ROUND_ROBIN -> nextInTurn();
      case LEAST_LOADED -> seats.firstFree(0);
      case EARLIEST_FINISH, EARLIEST_DEADLINE -> earliestFinish(serviceNs, batches, nowNs);
    };
  }

  private Optional<Seat> nextInTurn() {
    Optional<Seat> next = seats.firstFree(turn);
    next.ifPresent(seat -> turn = (seat.index() + 1) % seats.count());
    return next;
  }

  /**
   * Equal batches, each planned for the unit that is done with it first, take the finishes of all
   * units in the order of time. So the best free unit gets one of them if more wait than the busy
   * units can finish before it would.
   */
  private Optional<Seat> earliestFinish(ToLongFunction<Seat> serviceNs, long batches, long nowNs) {
    Seat best = null;
    long bestNs = Long.MAX_VALUE;
    for (int s = 0; s < seats.count(); s++) {
      Seat seat = seats.get(s);
      if (seat.isFree() && serviceNs.applyAsLong(seat) < bestNs) {
        best = seat;
        bestNs = serviceNs.applyAsLong(seat);
      }
    }
    if (best == null) {
      return Optional.empty();
    }
    long before = 0;
    for (int s = 0; s < seats.count(); s++) {
      Seat seat = seats.get(s);
      if (seat.isLeased() && seat.isRunning()) {
        long busyNs = Math.max(0, seat.running().orElseThrow().finishNs() - nowNs);
        before += Math.max(0, bestNs - busyNs - 1) / serviceNs.applyAsLong(seat);
      }
    }
    return before < batches ? Optional.of(best) : Optional.empty();
  }
}
