package io.sluice.dispatch;

/**
 * The simulated time of a dispatcher and what happens in it. An event carries a stamp of what it is
 * about; when that has got another stamp by the time it comes, the event is no longer true.
 */
final class Timeline {
  /** What happens, with what it is about. */
  enum Event {
    /** A client sends a request. */
    ARRIVE,

    /** A request is at its unit. */
    READY,

    /** A unit is done with its batch. */
    FINISH,

    /** The fault of this number befalls a card. */
    FAULT,

    /** A request has waited long enough for a unit to come. */
    GIVE_UP
  }

  private static final Event[] EVENTS = Event.values();
  private static final int KIND_SHIFT = 61;
  private static final int STAMP_SHIFT = 32;
  private static final int STAMP_MASK = (1 << 29) - 1;

  private final EventHeap heap = new EventHeap();
  private long nowNs;
  private long event;

  long nowNs() {
    return nowNs;
  }

  /** Time goes on, or stays if it is later already. */
  void proceedTo(long ns) {
    nowNs = Math.max(nowNs, ns);
  }

  void add(long atNs, Event kind, int stamp, int about) {
    heap.add(
        atNs,
        (long) kind.ordinal() << KIND_SHIFT | (long) (stamp & STAMP_MASK) << STAMP_SHIFT | about);
  }

  /** Goes on to the next event if it is before a time; false if there is none. */
  boolean nextBefore(long ns) {
    if (heap.nextNs() >= ns) {
      return false;
    }
    nowNs = heap.nextNs();
    event = heap.take();
    return true;
  }

  /** What happens now. */
  Event event() {
    return EVENTS[(int) (event >>> KIND_SHIFT)];
  }

  /** Number of the request, unit or fault that it is about. */
  int about() {
    return (int) event;
  }

  /** Whether what it is about still has the stamp that it had. */
  boolean isTrue(int stamp) {
    return ((int) (event >>> STAMP_SHIFT) & STAMP_MASK) == (stamp & STAMP_MASK);
  }
}
