package io.sluice.flink.dpu;

import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import java.util.Optional;

/** One unit that works off a slot's queue, while it is leased. */
final class Seat {
  private final int index;
  private LeaseUpdate held;
  private Batch running;
  private boolean overdue;

  Seat(int index) {
    this.index = index;
  }

  int index() {
    return index;
  }

  /** What it was told last. */
  Optional<LeaseUpdate> held() {
    return Optional.ofNullable(held);
  }

  boolean isLeased() {
    return held != null && held.lease().isPresent();
  }

  Lease lease() {
    return held.lease().orElseThrow();
  }

  Optional<Batch> running() {
    return Optional.ofNullable(running);
  }

  boolean isRunning() {
    return running != null;
  }

  boolean isRunning(Batch batch) {
    return running != null && running.id() == batch.id();
  }

  boolean isFree() {
    return running == null && isLeased();
  }

  /** How many times as long as a whole and healthy unit it takes. */
  double slowness() {
    return lease().slowFactor() / lease().shareMillionths();
  }

  void begin(Batch batch) {
    running = batch;
  }

  void end() {
    running = null;
    overdue = false;
  }

  /** Whether the modelled finish has come and the results have not. */
  boolean isOverdue() {
    return overdue;
  }

  void markOverdue() {
    overdue = true;
  }

  /**
   * Takes over what the manager says.
   *
   * @return whether it was news; what an earlier life of the manager said is dropped
   */
  boolean tell(LeaseUpdate update) {
    if (held != null && !update.isAfter(held.epoch(), held.sequence())) {
      return false;
    }
    held = update;
    return true;
  }

  SeatState state() {
    return new SeatState(index, held(), running());
  }

  void restore(SeatState state) {
    held = state.held().orElse(null);
  }
}
