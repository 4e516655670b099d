package io.sluice.flink.dpu;

import io.sluice.flink.Failure;
import io.sluice.flink.Packet;
import io.sluice.xrm.LeaseUpdate;
import java.util.List;
import java.util.Optional;

/**
 * One queue of a DPU node and the units that work it off. What happens to a slot comes in as {@link
 * Event}s in the order of their times; after all events of one instant {@link #settle} gives up
 * what is due and begins batches. Every request that came is answered once. Slots know nothing of
 * each other.
 */
final class Slot {
  private final int index;
  private final Surroundings around;
  private final Seats seats;
  private final SeatChooser chooser;
  private final SlotQueue queue;
  private final InOrder inOrder = new InOrder();
  private final FailedJobs failedJobs = new FailedJobs();
  private long unleasedSinceNs;
  private long nextSerial;
  private long heldBytes;
  private long wakeNs = Long.MAX_VALUE;

  Slot(int index, Surroundings around) {
    this.index = index;
    this.around = around;
    this.seats = new Seats(around.node().seats(index));
    this.chooser = new SeatChooser(around.settings().unitChoice(), seats);
    this.queue = new SlotQueue(around.settings().queues(), around.node().modelsByWidth().keySet());
  }

  int index() {
    return index;
  }

  /** A request comes. */
  void arrive(Request unnumbered) {
    Request request = unnumbered.numbered(nextSerial++);
    around.device().arrived(request);
    long bytes = request.bytes();
    long most = around.settings().queues().maxBytes();
    Optional<Failure> sibling = failedJobs.of(request.packet());
    heldBytes += bytes;
    if (sibling.isPresent()) {
      refuse(request, Refusal.cancelled(sibling.get()), request.arrivedNs());
    } else if (heldBytes > most) {
      refuse(
          request,
          Refusal.tooManyBytes(around.node().id(), heldBytes - bytes, bytes, most),
          request.arrivedNs());
    } else if (!queue.offer(request)) {
      int limit = around.settings().queues().levels().get(request.level()).maxQueued();
      refuse(
          request,
          Refusal.queueFull(around.node().id(), request.level(), limit),
          request.arrivedNs());
    }
  }

  /** The manager says something about one of the units. */
  void change(LeaseUpdate update, long nowNs) {
    Seat seat = seats.get(around.node().seatOf(update.slot().index()));
    boolean wasLeased = seats.isAnyLeased();
    if (!seat.tell(update)) {
      return;
    }
    if (update.workLost() && seat.isRunning()) {
      lose(seat, nowNs);
    }
    if (wasLeased && !seats.isAnyLeased()) {
      unleasedSinceNs = nowNs;
    }
  }

  private void lose(Seat seat, long nowNs) {
    Batch batch = seat.running().orElseThrow();
    seat.end();
    around.device().lost(batch);
    for (Request before : batch.requests()) {
      Request request = before.lostAgain();
      if (request.lost() > around.settings().retries().lost()) {
        refuse(request, Refusal.lostTooOften(around.node().id(), request.lost()), nowNs);
      } else {
        putBack(request, nowNs);
      }
    }
  }

  /** A part of a request failed, here or before; those of its parts that wait fail with it. */
  void fail(String position, Failure failure, long nowNs) {
    if (failedJobs.add(position, failure)) {
      queue
          .removeIf(r -> !r.packet().isWhole() && r.packet().origin().position().equals(position))
          .forEach(request -> refuse(request, Refusal.cancelled(failure), nowNs));
    }
  }

  /** The modelled finish of a batch has come; of one that was lost meanwhile it means nothing. */
  void finish(Batch batch) {
    Seat seat = seats.get(batch.seat());
    if (seat.isRunning(batch)) {
      handOver(seat);
    }
  }

  private void handOver(Seat seat) {
    Batch batch = seat.running().orElseThrow();
    Optional<List<Packet>> results = around.device().finished(batch);
    if (results.isEmpty()) {
      seat.markOverdue();
      return;
    }
    seat.end();
    for (int i = 0; i < batch.requests().size(); i++) {
      Request request = batch.requests().get(i);
      Packet result = results.get().get(i);
      if (result.failed() && request.failed() < around.settings().retries().failed()) {
        putBack(request.failedAgain(), batch.finishNs());
      } else {
        answer(request, result, batch.finishNs());
        cancelSiblings(result, batch.finishNs());
      }
    }
  }

  private void cancelSiblings(Packet result, long nowNs) {
    if (around.settings().cancelSiblings() && result.failed() && !result.isWhole()) {
      fail(result.origin().position(), result.failure().orElseThrow(), nowNs);
    }
  }

  private void putBack(Request request, long nowNs) {
    Optional<Failure> sibling = failedJobs.of(request.packet());
    if (sibling.isPresent()) {
      refuse(request, Refusal.cancelled(sibling.get()), nowNs);
    } else {
      around.device().retried(request);
      queue.add(request);
    }
  }

  /** Asks again for results that were not there at their modelled finish. */
  void handOverLate(long nowNs) {
    List<Seat> overdue = seats.overdue();
    if (!overdue.isEmpty()) {
      overdue.forEach(this::handOver);
      settle(nowNs);
    }
  }

  /** Something that was waited for may be due. */
  void wake(long nowNs) {
    if (nowNs >= wakeNs) {
      wakeNs = Long.MAX_VALUE;
    }
  }

  /** Gives up what is due, begins what can begin, and has itself woken when more is due. */
  void settle(long nowNs) {
    String node = around.node().id();
    queue.expire(nowNs, late -> refuse(late, Refusal.late(node, nowNs - late.arrivedNs()), nowNs));
    long nextNs = seats.isAnyLeased() ? begin(nowNs) : giveUp(nowNs);
    wakeAt(Math.min(nextNs, queue.nextDueNs()));
  }

  private void wakeAt(long ns) {
    if (ns < wakeNs) {
      wakeNs = ns;
      around.agenda().add(new Event.Wake(ns, index));
    }
  }

  /** Refuses what has waited too long for a unit; returns when the next will have. */
  private long giveUp(long nowNs) {
    long waitNs = around.settings().maxUnitWait().toNanos();
    for (Request first = queue.oldest(); first != null; first = queue.oldest()) {
      long dueNs = Math.max(unleasedSinceNs, first.arrivedNs()) + waitNs;
      if (dueNs > nowNs) {
        return dueNs;
      }
      queue.remove(first);
      refuse(
          first,
          Refusal.noUnit(
              around.node().id(), around.settings().maxUnitWait().toMillis(), seats.lastReason()),
          nowNs);
    }
    return Long.MAX_VALUE;
  }

  /** Begins batches while there are units and the policies say so; returns when to ask again. */
  private long begin(long nowNs) {
    while (!queue.isEmpty() && seats.firstFree(0).isPresent()) {
      long againNs = Long.MAX_VALUE;
      boolean begun = false;
      for (int width : queue.widths()) {
        DpuModel model = around.node().modelsByWidth().get(width);
        int waiting = queue.count(width);
        BatchPolicy.Decision decision =
            around
                .batching()
                .decide(
                    waiting,
                    around.settings().batching().maximumFor(model),
                    queue.oldestNs(width),
                    nowNs);
        int size = decision.size();
        if (size == 0) {
          againNs = Math.min(againNs, decision.againNs());
          continue;
        }
        Optional<Seat> chosen =
            chooser.choose(
                seat -> around.times().ns(model, seat.lease(), size),
                (waiting + size - 1L) / size,
                nowNs);
        if (chosen.isPresent()) {
          begin(chosen.get(), model, queue.take(width, size), nowNs);
          begun = true;
          break;
        }
      }
      if (!begun) {
        return againNs;
      }
    }
    return Long.MAX_VALUE;
  }

  private void begin(Seat seat, DpuModel model, List<Request> requests, long nowNs) {
    long serviceNs = around.times().ns(model, seat.lease(), requests.size());
    long id = around.agenda().batchId();
    run(seat, new Batch(id, index, seat.index(), requests, nowNs, nowNs + serviceNs));
  }

  private void run(Seat seat, Batch batch) {
    seat.begin(batch);
    around.agenda().add(new Event.Finish(batch));
    around.device().begun(batch);
  }

  private void refuse(Request request, Refusal refusal, long nowNs) {
    around.device().refused(request, refusal);
    Packet failed = request.packet().failed(refusal.failure());
    answer(request, failed, nowNs);
    cancelSiblings(failed, nowNs);
  }

  private void answer(Request request, Packet packet, long nowNs) {
    long bytes = request.bytes();
    heldBytes -= bytes;
    Answer answer = new Answer(packet, bytes, nowNs);
    if (around.settings().ordered()) {
      inOrder.answer(request.serial(), answer, around.device()::answered);
    } else {
      around.device().answered(answer);
    }
  }

  /** How many units it holds. */
  int leases() {
    return seats.leased();
  }

  /** Whether it needs no news of the manager to go on with what it has. */
  boolean isMoving() {
    return seats.isAnyRunning() || (seats.isAnyLeased() && !queue.isEmpty());
  }

  boolean isIdle() {
    return queue.isEmpty() && !seats.isAnyRunning();
  }

  SlotState state(SlotState.Ahead ahead) {
    return new SlotState(
        index,
        seats.states(),
        unleasedSinceNs,
        nextSerial,
        queue.requests(),
        failedJobs.failures(),
        inOrder.next(),
        inOrder.held(),
        wakeNs,
        chooser.turn(),
        ahead);
  }

  /** Goes on where a checkpoint left it. */
  void restore(SlotState state) {
    unleasedSinceNs = state.unleasedSinceNs();
    nextSerial = state.nextSerial();
    state.queue().forEach(queue::add);
    state.queue().forEach(request -> heldBytes += request.bytes());
    state.failedJobs().forEach(failedJobs::add);
    inOrder.restore(state.nextAnswer(), state.heldAnswers());
    wakeAt(state.wakeNs());
    chooser.restore(state.turn());
    for (SeatState saved : state.seats()) {
      Seat seat = seats.get(saved.seat());
      seat.restore(saved);
      saved
          .running()
          .ifPresent(
              batch -> {
                batch.requests().forEach(request -> heldBytes += request.bytes());
                run(seat, batch.withId(around.agenda().batchId()));
              });
    }
  }
}
