package io.sluice.xrm.alloc;

/**
 * What the clients of a tenant hold, and have held: the load of their channels outside of
 * reservations and all of their reservations.
 */
final class Account {
  /** How many clients the tenant has. */
  int clients;

  /** Now, in millionths of units. */
  private long held;

  /** Load times nanoseconds up to {@code atNs}. */
  private double used;

  private long atNs;

  /** Nothing is held; what was used up to now. */
  Account(double used, long atNs) {
    this.used = used;
    this.atNs = atNs;
  }

  void charge(long nowNs, int load) {
    used = used(nowNs);
    atNs = nowNs;
    held += load;
  }

  long held() {
    return held;
  }

  /** Load times nanoseconds, up to now. */
  double used(long nowNs) {
    return used + (double) held * (nowNs - atNs);
  }
}
