package io.sluice.dispatch;

/**
 * Chooses the unit that a request is sent to, when it comes; there it waits for its turn. A policy
 * is told when a unit can be used, has changed in what {@link UnitView} says of it, or cannot be
 * used any more. It is a function of these calls alone, so it chooses the same in every run, and
 * takes no longer than the logarithm of the number of units times the number of their kinds.
 */
interface DispatchPolicy {
  void added(int unit);

  void changed(int unit);

  void removed(int unit);

  /**
   * The unit for a request that comes now.
   *
   * @return -1 if no unit that can be used runs the network
   */
  int choose(int network, long nowNs);

  /** Whether requests wait at a unit by their deadlines, or else as they came. */
  default boolean isByDeadline() {
    return false;
  }
}
