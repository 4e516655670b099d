package io.sluice.flink.dpu;

import io.sluice.flink.Failure;
import io.sluice.xrm.LeaseUpdate;
import java.util.Comparator;

/**
 * Something that happens to a slot at a time. At one instant batches finish first, then leases
 * change, then parts fail elsewhere, then requests arrive; after that slots look what is due.
 * Events of one kind are ordered by slot and by what they are about, so that the order in which
 * they were told does not show.
 */
sealed interface Event extends Comparable<Event> {
  /** When, in the job's time. */
  long atNs();

  int slot();

  /** What happens first at one instant. */
  int rank();

  /** Lets it happen. */
  void play(Slot slot);

  @Override
  default int compareTo(Event other) {
    int order = Long.compare(atNs(), other.atNs());
    if (order == 0) {
      order = Integer.compare(rank(), other.rank());
    }
    if (order == 0) {
      order = Integer.compare(slot(), other.slot());
    }
    return order == 0 ? compareSame(other) : order;
  }

  /** The order of two events of one kind at one slot and time. */
  int compareSame(Event other);

  /** The modelled finish of a batch. */
  record Finish(Batch batch) implements Event {
    @Override
    public long atNs() {
      return batch.finishNs();
    }

    @Override
    public int slot() {
      return batch.slot();
    }

    @Override
    public int rank() {
      return 0;
    }

    @Override
    public void play(Slot slot) {
      slot.finish(batch);
    }

    @Override
    public int compareSame(Event other) {
      Batch that = ((Finish) other).batch;
      int bySeat = Integer.compare(batch.seat(), that.seat());
      return bySeat == 0 ? Long.compare(batch.id(), that.id()) : bySeat;
    }
  }

  /**
   * The manager said something.
   *
   * @param atNs when it holds from
   * @param slot whose queue it is about
   */
  record Told(long atNs, int slot, LeaseUpdate update) implements Event {
    private static final Comparator<LeaseUpdate> BY_SAYING =
        Comparator.comparingLong(LeaseUpdate::epoch).thenComparingLong(LeaseUpdate::sequence);

    @Override
    public int rank() {
      return 1;
    }

    @Override
    public void play(Slot to) {
      to.change(update, atNs);
    }

    @Override
    public int compareSame(Event other) {
      return BY_SAYING.compare(update, ((Told) other).update);
    }
  }

  /**
   * A part of a request failed before it came here.
   *
   * @param position of the request's record
   */
  record PartFailed(long atNs, int slot, String position, Failure failure) implements Event {
    @Override
    public int rank() {
      return 2;
    }

    @Override
    public void play(Slot to) {
      to.fail(position, failure, atNs);
    }

    @Override
    public int compareSame(Event other) {
      PartFailed that = (PartFailed) other;
      int byPosition = position.compareTo(that.position);
      return byPosition == 0 ? failure.toString().compareTo(that.failure.toString()) : byPosition;
    }
  }

  /** A request comes. */
  record Arrival(int slot, Request request) implements Event {
    @Override
    public long atNs() {
      return request.arrivedNs();
    }

    @Override
    public int rank() {
      return 3;
    }

    @Override
    public void play(Slot to) {
      to.arrive(request);
    }

    @Override
    public int compareSame(Event other) {
      return request.compareTo(((Arrival) other).request);
    }
  }

  /** Something that waits may be due. */
  record Wake(long atNs, int slot) implements Event {
    @Override
    public int rank() {
      return 4;
    }

    @Override
    public void play(Slot to) {
      to.wake(atNs);
    }

    @Override
    public int compareSame(Event other) {
      return 0;
    }
  }
}
