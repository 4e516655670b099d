package io.sluice.flink.manage;

import io.sluice.schemas.ManagerRequest;
import io.sluice.xrm.alloc.Request;

/** A request for units from when it comes until what it got has ended. */
final class Ticket {
  /** Of a grant: until it is released; of a wait: as long as the client lives. */
  static final long FOR_EVER = Long.MAX_VALUE;

  final ManagerRequest asked;
  final Request request;
  final long termNs;

  /** What it holds; 0 while it waits. */
  long service;

  /** Its ticket of the waiting room; 0 when it is not there. */
  long place;

  private boolean moving;
  private boolean workLost;
  private String why = "";

  Ticket(ManagerRequest asked, Request request, long termNs) {
    this.asked = asked;
    this.request = request;
    this.termNs = termNs;
  }

  String tenant() {
    return asked.getTenant();
  }

  boolean isWaiting() {
    return service == 0;
  }

  /** What it held is taken from it; it waits for something else for as long as its client lives. */
  void move(boolean losingWork, String reason) {
    moving = true;
    workLost = losingWork;
    why = reason;
  }

  /** Whether it has held something before. */
  boolean isMoving() {
    return moving;
  }

  /** Whether its client has it until it gives it back, and need not be heard of meanwhile. */
  boolean outlivesSilence() {
    return termNs == FOR_EVER && (moving || !isWaiting());
  }

  String why() {
    return why;
  }

  /** Whether work was lost of which its client has not been told. */
  boolean takeWorkLost() {
    boolean lost = workLost;
    workLost = false;
    return lost;
  }
}
