package io.sluice.dispatch;

import io.sluice.fleet.Card;
import io.sluice.fleet.CardState;
import io.sluice.fleet.ComputeUnit;
import io.sluice.fleet.FaultEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Sends requests to the units of some hosts and plays what happens to them, in simulated time.
 *
 * <ul>
 *   <li>A request that comes is sent at once, to the unit that the policy chooses: a thread of its
 *       host prepares it, the link of the host and that of the card carry its input, one after the
 *       other, and at the unit it waits.
 *   <li>A unit without work begins what waits for the network whose turn it is, up to the batch
 *       that its target takes at once; nothing is put off for company. If it holds the weights of
 *       another network, it loads them first, over the link, on which they go before inputs.
 *   <li>A batch takes as long as the time model says with as many units of the card active as are
 *       when it begins: they share the memory.
 *   <li>Results go back over the links. A request ends when its own is over.
 *   <li>When a card dies, all that was sent to it is sent again elsewhere; when it is drained, what
 *       has not begun. What its links carry back already is not lost.
 * </ul>
 *
 * <p>Preparing and transfers are in the order of sending, so their times are known when a request
 * is sent; only arrivals at units and ends of batches are events, each of which costs the logarithm
 * of how many are ahead. Not thread-safe.
 */
public final class Dispatcher {
  private static final int ARRIVE = 0;
  private static final int READY = 1;
  private static final int FINISH = 2;
  private static final int FAULT = 3;
  private static final int GIVE_UP = 4;
  private static final int NONE = -1;
  private static final int STAMP_MASK = (1 << 29) - 1;

  private final int number;
  private final Layout layout;
  private final DispatchSettings settings;
  private final Consumer<Outcome> outcomes;
  private final MeasuredTime measured;
  private final HostThreads threads;
  private final Channels pcieTo;
  private final Channels pcieFrom;
  private final Channels linksTo;
  private final Channels linksFrom;
  private final Units units;
  private final DispatchPolicy policy;
  private final WaitQueues queues;
  private final EventHeap events = new EventHeap();
  private final Requests requests = new Requests();
  private final Set<Integer> parked = new LinkedHashSet<>();
  private final CardState[] states;
  private final int networks;
  private final long stride;

  private final int[] runHead;
  private final int[] runNetwork;
  private final long[] runBeginNs;
  private final long[] runFinishNs;
  private final int[] unitStamp;
  private final int[] heldNetwork;
  private final int[] activeOnCard;
  private final long[] unitBusyNs;
  private final long[] memoryBytes;
  private long loads;
  private long lossCount;
  private long nowNs;

  /**
   * @param stride by how much the id of a client's next request is higher; 0 if arrivals come from
   *     outside alone
   */
  Dispatcher(
      int number,
      Layout layout,
      DispatchSettings settings,
      long stride,
      Consumer<Outcome> outcomes) {
    this.number = number;
    this.layout = layout;
    this.settings = settings;
    this.stride = stride;
    this.outcomes = outcomes;
    networks = layout.networks().size();
    measured = new MeasuredTime(settings.measuredFromNs(), settings.measuredUntilNs());
    threads = new HostThreads(layout.threadsOfHost, settings.hostNs(), measured);
    pcieTo = new Channels(layout.pcieBytesPerNs, measured);
    pcieFrom = new Channels(layout.pcieBytesPerNs, measured);
    linksTo = new Channels(layout.linkBytesPerNs, measured);
    linksFrom = new Channels(layout.linkBytesPerNs, measured);
    units = new Units(layout, linksTo);
    policy = settings.policy().over(units);
    queues = new WaitQueues(layout.units * networks, policy.isByDeadline());
    states = new CardState[layout.cards.size()];
    runHead = filled(layout.units);
    runNetwork = new int[layout.units];
    runBeginNs = new long[layout.units];
    runFinishNs = new long[layout.units];
    unitStamp = new int[layout.units];
    heldNetwork = filled(layout.units);
    activeOnCard = new int[states.length];
    unitBusyNs = new long[layout.units];
    memoryBytes = new long[states.length];
    for (int card = 0; card < states.length; card++) {
      states[card] = layout.presentAtStart[card] ? CardState.ALIVE : CardState.ABSENT;
      if (layout.presentAtStart[card]) {
        forUnits(card, policy::added);
      }
    }
    for (int i = 0; i < layout.faults.size(); i++) {
      events.add(layout.faults.get(i).atNs(), pack(FAULT, 0, i));
    }
  }

  private static int[] filled(int length) {
    int[] none = new int[length];
    Arrays.fill(none, NONE);
    return none;
  }

  /** A request comes; all that happens before is played. Times must not go back. */
  public void arrive(Arrival arrival) {
    playBefore(arrival.atNs());
    nowNs = Math.max(nowNs, arrival.atNs());
    int request = requests.take();
    begin(request, arrival.id(), arrival.network());
  }

  /**
   * The first request of a client comes; when one ends the client sends the next, until the end of
   * the measured time.
   */
  public void client(Arrival first) {
    int request = requests.take();
    requests.id[request] = first.id();
    requests.network[request] = first.network();
    events.add(first.atNs(), pack(ARRIVE, requests.stamp[request], request));
  }

  /** No more requests come; plays until all have ended. */
  public void finish() {
    playBefore(Long.MAX_VALUE);
  }

  private void playBefore(long ns) {
    while (events.nextNs() < ns) {
      nowNs = events.nextNs();
      long event = events.take();
      int kind = (int) (event >>> 61);
      int stamp = (int) (event >>> 32) & STAMP_MASK;
      int what = (int) event;
      switch (kind) {
        case ARRIVE -> begin(what, requests.id[what], requests.network[what]);
        case READY -> ready(what, stamp);
        case FINISH -> finished(what, stamp);
        case FAULT -> befall(layout.faults.get(what));
        default -> giveUp(what, stamp);
      }
    }
  }

  private static long pack(int kind, int stamp, int what) {
    return (long) kind << 61 | (long) (stamp & STAMP_MASK) << 32 | what;
  }

  private void begin(int request, long id, int network) {
    requests.id[request] = id;
    requests.network[request] = network;
    requests.losses[request] = 0;
    requests.sentAgain[request] = false;
    requests.arrivedNs[request] = nowNs;
    requests.deadlineNs[request] = settings.deadlineNs(network, nowNs);
    requests.preparedNs[request] = NONE;
    send(request);
  }

  private void send(int request) {
    int network = requests.network[request];
    int unit = policy.choose(network, nowNs);
    requests.unit[request] = unit;
    int stamp = ++requests.stamp[request];
    if (unit < 0) {
      parked.add(request);
      events.add(nowNs + settings.maxUnitWaitNs(), pack(GIVE_UP, stamp, request));
      return;
    }
    int card = layout.cardOfUnit[unit];
    int host = layout.hostOfCard[card];
    if (requests.preparedNs[request] < 0) {
      requests.preparedNs[request] = threads.prepare(host, nowNs);
    }
    long bytes = layout.kind(layout.kindOfUnit[unit]).inputBytes(network);
    long fromNs = Math.max(nowNs, requests.preparedNs[request]);
    long readyNs = Math.max(pcieTo.carry(host, bytes, fromNs), linksTo.carry(card, bytes, fromNs));
    requests.readyNs[request] = readyNs;
    units.sent(unit, network, readyNs);
    policy.changed(unit);
    events.add(readyNs, pack(READY, stamp, request));
  }

  private void ready(int request, int stamp) {
    if ((requests.stamp[request] & STAMP_MASK) != stamp) {
      return;
    }
    int unit = requests.unit[request];
    queues.add(unit * networks + requests.network[request], request, requests.deadlineNs[request]);
    if (runHead[unit] < 0) {
      beginBatch(unit);
    }
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

  private void beginBatch(int unit) {
    int queue = nextQueue(unit);
    if (queue < 0) {
      return;
    }
    int network = queue - unit * networks;
    Kind kind = layout.kind(layout.kindOfUnit[unit]);
    int card = layout.cardOfUnit[unit];
    int size = 0;
    int head = NONE;
    for (int most = kind.maximumBatch(network); size < most && queues.first(queue) >= 0; size++) {
      int request = queues.take(queue);
      requests.next[request] = head;
      head = request;
    }
    long startNs = nowNs;
    boolean load = heldNetwork[unit] != network;
    if (load) {
      startNs = linksTo.carryFirst(card, kind.weightBytes(network), nowNs);
      heldNetwork[unit] = network;
      loads++;
    }
    int active = ++activeOnCard[card];
    long finishNs = startNs + kind.timeNs(network, size, active);
    runHead[unit] = head;
    runNetwork[unit] = network;
    runBeginNs[unit] = nowNs;
    runFinishNs[unit] = finishNs;
    unitBusyNs[unit] += measured.within(nowNs, finishNs);
    if (measured.contains(finishNs)) {
      memoryBytes[card] += kind.memoryBytes(network, size);
    }
    units.begun(unit, network, size, load, finishNs);
    changed(unit);
    events.add(finishNs, pack(FINISH, unitStamp[unit], unit));
  }

  private void finished(int unit, int stamp) {
    if ((unitStamp[unit] & STAMP_MASK) != stamp) {
      return;
    }
    int card = layout.cardOfUnit[unit];
    int host = layout.hostOfCard[card];
    activeOnCard[card]--;
    int network = runNetwork[unit];
    long bytes = layout.kind(layout.kindOfUnit[unit]).outputBytes(network);
    long deviceNs = nowNs - runBeginNs[unit];
    int request = runHead[unit];
    runHead[unit] = NONE;
    units.finished(unit);
    beginBatch(unit);
    if (runHead[unit] < 0) {
      changed(unit);
    }
    while (request >= 0) {
      int following = requests.next[request];
      long endNs =
          Math.max(pcieFrom.carry(host, bytes, nowNs), linksFrom.carry(card, bytes, nowNs));
      long preparedNs = requests.preparedNs[request];
      long arrivedNs = requests.arrivedNs[request];
      boolean again = requests.sentAgain[request];
      long hostNs = again ? settings.hostNs() : preparedNs - arrivedNs;
      long transferNs = endNs - nowNs + (again ? 0 : requests.readyNs[request] - preparedNs);
      end(
          request,
          new Outcome(
              requests.id[request],
              network,
              layout.fleetUnits[unit],
              Ending.DONE,
              requests.losses[request],
              arrivedNs,
              hostNs,
              transferNs,
              endNs - arrivedNs - hostNs - transferNs - deviceNs,
              deviceNs,
              requests.deadlineNs[request]));
      request = following;
    }
  }

  private void end(int request, Outcome outcome) {
    outcomes.accept(outcome);
    long endNs = outcome.endedNs();
    if (stride > 0 && endNs < settings.measuredUntilNs()) {
      requests.unit[request] = NONE;
      requests.id[request] = outcome.id() + stride;
      events.add(endNs, pack(ARRIVE, ++requests.stamp[request], request));
    } else {
      requests.giveBack(request);
    }
  }

  private void endWithout(int request, Ending ending) {
    long arrivedNs = requests.arrivedNs[request];
    end(
        request,
        new Outcome(
            requests.id[request],
            requests.network[request],
            NONE,
            ending,
            requests.losses[request],
            arrivedNs,
            0,
            0,
            nowNs - arrivedNs,
            0,
            requests.deadlineNs[request]));
  }

  private void giveUp(int request, int stamp) {
    if ((requests.stamp[request] & STAMP_MASK) == stamp && parked.remove(request)) {
      endWithout(request, Ending.NO_UNIT);
    }
  }

  private void befall(FaultEvent fault) {
    int card = layout.cardById.get(fault.card());
    CardState before = states[card];
    states[card] = before.after(fault);
    boolean lost = fault.kind() == FaultEvent.Kind.OFFLINE || fault.kind() == FaultEvent.Kind.RESET;
    boolean drained = fault.kind() == FaultEvent.Kind.DRAINED;
    int kind = layout.kindOf(card, states[card].slowFactor());
    forUnits(card, policy::removed);
    if (lost) {
      forUnits(card, this::empty);
      activeOnCard[card] = 0;
      linksTo.reset(card, nowNs);
      linksFrom.reset(card, nowNs);
    } else if (drained) {
      forUnits(card, this::clearQueues);
    }
    forUnits(card, unit -> units.becomes(unit, kind));
    if (states[card].isAlive()) {
      forUnits(card, policy::added);
      List<Integer> waiting = List.copyOf(parked);
      parked.clear();
      waiting.forEach(this::send);
    }
    if (lost || drained) {
      sendAgain(card, lost ? 1 : 0);
    }
  }

  private void empty(int unit) {
    if (runHead[unit] >= 0) {
      unitBusyNs[unit] -= measured.within(nowNs, runFinishNs[unit]);
      runHead[unit] = NONE;
    }
    unitStamp[unit]++;
    heldNetwork[unit] = NONE;
    clearQueues(unit);
    units.emptied(unit, nowNs);
  }

  private void clearQueues(int unit) {
    for (int queue = unit * networks; queue < (unit + 1) * networks; queue++) {
      queues.clear(queue);
    }
    units.nothingWaits(unit);
  }

  /** Sends what was sent to a card elsewhere, but for what still runs there. */
  private void sendAgain(int card, int losses) {
    Set<Integer> running = new HashSet<>();
    forUnits(
        card,
        unit -> {
          for (int request = runHead[unit]; request >= 0; request = requests.next[request]) {
            running.add(request);
          }
        });
    List<Integer> sent = new ArrayList<>();
    for (int request = 0; request < requests.used(); request++) {
      int unit = requests.unit[request];
      if (unit >= layout.firstUnit[card]
          && unit < layout.firstUnit[card + 1]
          && !running.contains(request)) {
        sent.add(request);
      }
    }
    sent.sort(
        Comparator.<Integer>comparingLong(r -> requests.arrivedNs[r])
            .thenComparingLong(r -> requests.id[r]));
    for (int request : sent) {
      lossCount += losses;
      requests.sentAgain[request] = true;
      requests.losses[request] += losses;
      if (requests.losses[request] > settings.maxLosses()) {
        endWithout(request, Ending.LOST);
      } else {
        send(request);
      }
    }
  }

  /** The policy must not hear of a unit that it may not choose. */
  private void changed(int unit) {
    if (states[layout.cardOfUnit[unit]].isAlive()) {
      policy.changed(unit);
    }
  }

  private void forUnits(int card, IntConsumer action) {
    for (int unit = layout.firstUnit[card]; unit < layout.firstUnit[card + 1]; unit++) {
      action.accept(unit);
    }
  }

  /** How busy everything was. */
  public Usage usage() {
    long[] pcie = pcieTo.busyNs();
    long[] back = pcieFrom.busyNs();
    for (int host = 0; host < pcie.length; host++) {
      pcie[host] = Math.max(pcie[host], back[host]);
    }
    return new Usage(
        number,
        layout.cards.stream().flatMap(c -> c.units().stream()).map(ComputeUnit::id).toList(),
        unitBusyNs.clone(),
        layout.cards.stream().map(Card::id).toList(),
        linksTo.busyNs(),
        linksFrom.busyNs(),
        memoryBytes.clone(),
        layout.cards.stream().map(Card::host).distinct().toList(),
        threads.busyNs(),
        pcie,
        loads,
        lossCount);
  }
}
