package io.sluice.dispatch;

import java.util.Arrays;

/**
 * What waits and runs at the units of a dispatcher. A unit takes what waits for the network whose
 * turn it is, up to the batch that its target takes at once; if it holds the weights of another
 * network it loads them first. A batch is a list of requests through {@link Requests#next}.
 */
final class UnitWork {
  private static final int NONE = -1;

  private final Layout layout;
  private final Requests requests;
  private final Units units;
  private final Channels links;
  private final MeasuredTime measured;
  private final WaitQueues queues;
  private final int networks;

  private final int[] head;
  private final int[] network;
  private final long[] beginNs;
  private final long[] finishNs;
  private final int[] stamp;
  private final int[] heldNetwork;
  private final int[] activeOnCard;
  private final long[] busyNs;
  private final long[] memoryBytes;
  private long loads;

  /**
   * @param links to the cards, over which weights are loaded
   */
  UnitWork(
      Layout layout,
      Requests requests,
      Units units,
      Channels links,
      MeasuredTime measured,
      boolean byDeadline) {
    this.layout = layout;
    this.requests = requests;
    this.units = units;
    this.links = links;
    this.measured = measured;
    networks = layout.networks().size();
    queues = new WaitQueues(layout.units * networks, byDeadline);
    head = filled(layout.units);
    network = new int[layout.units];
    beginNs = new long[layout.units];
    finishNs = new long[layout.units];
    stamp = new int[layout.units];
    heldNetwork = filled(layout.units);
    activeOnCard = new int[layout.cards.size()];
    busyNs = new long[layout.units];
    memoryBytes = new long[layout.cards.size()];
  }

  private static int[] filled(int length) {
    int[] none = new int[length];
    Arrays.fill(none, NONE);
    return none;
  }

  /** A request has come to a unit and waits there. */
  void add(int unit, int request) {
    queues.add(unit * networks + requests.network[request], request, requests.deadlineNs[request]);
  }

  boolean isRunning(int unit) {
    return head[unit] >= 0;
  }

  /** The first request of the batch that runs; -1 if none does. */
  int head(int unit) {
    return head[unit];
  }

  /** The network of the batch that runs or ran last. */
  int network(int unit) {
    return network[unit];
  }

  long beginNs(int unit) {
    return beginNs[unit];
  }

  long finishNs(int unit) {
    return finishNs[unit];
  }

  /** Another one after all that a unit had was lost. */
  int stamp(int unit) {
    return stamp[unit];
  }

  /** Begins a batch on a unit without one; false if nothing waits for it. */
  boolean begin(int unit, long nowNs) {
    int queue = nextQueue(unit);
    if (queue < 0) {
      return false;
    }
    int next = queue - unit * networks;
    Kind kind = layout.kind(layout.kindOfUnit[unit]);
    int card = layout.cardOfUnit[unit];
    int size = 0;
    int first = NONE;
    for (int most = kind.maximumBatch(next); size < most && queues.first(queue) >= 0; size++) {
      int request = queues.take(queue);
      requests.next[request] = first;
      first = request;
    }
    long startNs = nowNs;
    boolean load = heldNetwork[unit] != next;
    if (load) {
      startNs = links.carryFirst(card, kind.weightBytes(next), nowNs);
      heldNetwork[unit] = next;
      loads++;
    }
    int active = ++activeOnCard[card];
    long endNs = startNs + kind.timeNs(next, size, active);
    head[unit] = first;
    network[unit] = next;
    beginNs[unit] = nowNs;
    finishNs[unit] = endNs;
    busyNs[unit] += measured.within(nowNs, endNs);
    if (measured.contains(endNs)) {
      memoryBytes[card] += kind.memoryBytes(next, size);
    }
    units.begun(unit, next, size, load, endNs);
    return true;
  }

  /** The queue of a unit whose first request goes before all others; -1 if none waits. */
  private int nextQueue(int unit) {
    int best = NONE;
    for (int queue = unit * networks; queue < (unit + 1) * networks; queue++) {
      if (queues.first(queue) >= 0 && (best < 0 || queues.isBefore(queue, best))) {
        best = queue;
      }
    }
    return best;
  }

  /** A batch is done; its first request. */
  int end(int unit) {
    int first = head[unit];
    head[unit] = NONE;
    activeOnCard[layout.cardOfUnit[unit]]--;
    units.finished(unit);
    return first;
  }

  /** What waits at a unit waits there no longer. */
  void nothingWaits(int unit) {
    for (int queue = unit * networks; queue < (unit + 1) * networks; queue++) {
      queues.clear(queue);
    }
    units.nothingWaits(unit);
  }

  /** All that a unit had is lost, and the weights that it held. */
  void lose(int unit, long nowNs) {
    if (isRunning(unit)) {
      busyNs[unit] -= measured.within(nowNs, finishNs[unit]);
      head[unit] = NONE;
      activeOnCard[layout.cardOfUnit[unit]]--;
    }
    stamp[unit]++;
    heldNetwork[unit] = NONE;
    nothingWaits(unit);
    units.emptied(unit, nowNs);
  }

  /** Of each unit, in the measured time; loading weights is in it. */
  long[] busyNs() {
    return busyNs.clone();
  }

  /** That units moved to and from the memory of each card, in the measured time. */
  long[] memoryBytes() {
    return memoryBytes.clone();
  }

  /** How often weights were loaded. */
  long loads() {
    return loads;
  }
}
