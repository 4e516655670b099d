package io.sluice.flink.manage;

import io.sluice.schemas.ManagerReply;
import io.sluice.xrm.Demand;
import io.sluice.xrm.LeaseUpdate;

/**
 * A unit that a slot of a job wants: the request for it, and what the manager said. A request that
 * has ended is asked again as another one, since the manager answers one that it knows to be done
 * as before.
 */
final class WantedUnit {
  private final Demand demand;
  private int ended;
  private boolean pending = true;
  private boolean due = true;
  private long service;
  private LeaseUpdate told;

  /**
   * @param ended how many requests of the slot have ended
   */
  WantedUnit(Demand demand, int ended) {
    this.demand = demand;
    this.ended = ended;
  }

  Demand demand() {
    return demand;
  }

  int ended() {
    return ended;
  }

  /** Of the request that counts now; the first of a slot has the slot's name. */
  String requestId() {
    return ended == 0 ? demand.slot().toString() : demand.slot() + " again " + ended;
  }

  /** Whether it was asked and is not answered, not even to wait. */
  boolean isPending() {
    return pending;
  }

  /** Whether to ask for it, be it again. */
  boolean isDue() {
    return due;
  }

  void asked() {
    pending = true;
  }

  void answered() {
    pending = false;
    due = false;
  }

  /** The request has ended; the next one is due. */
  void end() {
    ended++;
    service = 0;
    pending = false;
    due = true;
  }

  /** The grant, or 0. */
  long service() {
    return service;
  }

  void serves(long granted) {
    service = granted;
  }

  boolean isHeld() {
    return told != null && told.lease().isPresent();
  }

  /** Whether a reply was made after the one that its slot was told last. */
  boolean isNews(ManagerReply reply) {
    return told == null
        || reply.getEpoch() > told.epoch()
        || (reply.getEpoch() == told.epoch() && reply.getSequence() > told.sequence());
  }

  void tell(LeaseUpdate update) {
    told = update;
  }
}
