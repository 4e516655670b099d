package io.sluice.xrm.alloc;

/** A wish in the waiting room. */
final class Waiting {
  /** Its turn has not been passed over. */
  static final long NEVER = -1;

  final long ticket;
  final Wish wish;
  final String tenant;
  final long sinceNs;
  final long deadlineNs;

  /** Since when others go before it although it is its turn. */
  long passedSinceNs;

  /** Whether it could be had if nobody held anything, decided for the fleet of that version. */
  boolean fitsAlone;

  long decidedFor = NEVER;

  Waiting(long ticket, Wish wish, String tenant, long sinceNs, long passedSinceNs) {
    this.ticket = ticket;
    this.wish = wish;
    this.tenant = tenant;
    this.sinceNs = sinceNs;
    this.deadlineNs = Allocation.end(sinceNs, wish.timeoutNs());
    this.passedSinceNs = passedSinceNs;
  }

  long ticket() {
    return ticket;
  }

  long deadlineNs() {
    return deadlineNs;
  }

  int priority() {
    return wish.priority();
  }

  boolean competesWith(Waiting other) {
    return Overlap.between(wish.request(), other.wish.request());
  }
}
