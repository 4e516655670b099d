package io.sluice.dispatch;

import io.sluice.dispatch.Timeline.Event;
import io.sluice.fleet.Card;
import io.sluice.fleet.ComputeUnit;
import io.sluice.fleet.FaultEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

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
  private static final int NONE = -1;

  private final int number;
  private final Layout layout;
  private final DispatchSettings settings;
  private final HostThreads threads;
  private final Channels pcieTo;
  private final Channels pcieFrom;
  private final Channels linksTo;
  private final Channels linksFrom;
  private final Timeline timeline = new Timeline();
  private final Requests requests = new Requests();
  private final Units units;
  private final DispatchPolicy policy;
  private final UnitWork work;
  private final Cards cards;
  private final Endings endings;

  /** Requests that no living unit can run. */
  private final Set<Integer> parked = new LinkedHashSet<>();

  private long losses;

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
    MeasuredTime measured = new MeasuredTime(settings.measuredFromNs(), settings.measuredUntilNs());
    threads = new HostThreads(layout.threadsOfHost, settings.hostNs(), measured);
    pcieTo = new Channels(layout.pcieBytesPerNs, measured);
    pcieFrom = new Channels(layout.pcieBytesPerNs, measured);
    linksTo = new Channels(layout.linkBytesPerNs, measured);
    linksFrom = new Channels(layout.linkBytesPerNs, measured);
    units = new Units(layout, linksTo);
    policy = settings.policy().over(units);
    work = new UnitWork(layout, requests, units, linksTo, measured, policy.isByDeadline());
    cards = new Cards(layout, requests, units, work, policy, linksTo, linksFrom);
    endings = new Endings(requests, timeline, settings, stride, outcomes);
    for (int i = 0; i < layout.faults.size(); i++) {
      timeline.add(layout.faults.get(i).atNs(), Event.FAULT, 0, i);
    }
  }

  /** A request comes; all that happens before is played. Times must not go back. */
  public void arrive(Arrival arrival) {
    playBefore(arrival.atNs());
    timeline.proceedTo(arrival.atNs());
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
    timeline.add(first.atNs(), Event.ARRIVE, requests.stamp[request], request);
  }

  /** No more requests come; plays until all have ended. */
  public void finish() {
    playBefore(Long.MAX_VALUE);
  }

  private void playBefore(long ns) {
    while (timeline.nextBefore(ns)) {
      int about = timeline.about();
      switch (timeline.event()) {
        case ARRIVE -> begin(about, requests.id[about], requests.network[about]);
        case READY -> ready(about);
        case FINISH -> finished(about);
        case FAULT -> befall(layout.faults.get(about));
        case GIVE_UP -> giveUp(about);
      }
    }
  }

  private void begin(int request, long id, int network) {
    long nowNs = timeline.nowNs();
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
    long nowNs = timeline.nowNs();
    int network = requests.network[request];
    int unit = policy.choose(network, nowNs);
    requests.unit[request] = unit;
    int stamp = ++requests.stamp[request];
    if (unit < 0) {
      parked.add(request);
      timeline.add(nowNs + settings.maxUnitWaitNs(), Event.GIVE_UP, stamp, request);
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
    timeline.add(readyNs, Event.READY, stamp, request);
  }

  private void ready(int request) {
    if (timeline.isTrue(requests.stamp[request])) {
      int unit = requests.unit[request];
      work.add(unit, request);
      if (!work.isRunning(unit)) {
        beginBatch(unit);
      }
    }
  }

  private void beginBatch(int unit) {
    if (work.begin(unit, timeline.nowNs())) {
      changed(unit);
      timeline.add(work.finishNs(unit), Event.FINISH, work.stamp(unit), unit);
    }
  }

  private void finished(int unit) {
    if (!timeline.isTrue(work.stamp(unit))) {
      return;
    }
    long nowNs = timeline.nowNs();
    int card = layout.cardOfUnit[unit];
    int host = layout.hostOfCard[card];
    long bytes = layout.kind(layout.kindOfUnit[unit]).outputBytes(work.network(unit));
    long deviceNs = nowNs - work.beginNs(unit);
    int request = work.end(unit);
    beginBatch(unit);
    if (!work.isRunning(unit)) {
      changed(unit);
    }
    while (request >= 0) {
      int following = requests.next[request];
      long endNs =
          Math.max(pcieFrom.carry(host, bytes, nowNs), linksFrom.carry(card, bytes, nowNs));
      endings.done(request, layout.fleetUnits[unit], deviceNs, endNs);
      request = following;
    }
  }

  private void giveUp(int request) {
    if (timeline.isTrue(requests.stamp[request]) && parked.remove(request)) {
      endings.without(request, Ending.NO_UNIT);
    }
  }

  private void befall(FaultEvent fault) {
    int card = layout.cardById.get(fault.card());
    List<Integer> again = cards.befall(card, fault, timeline.nowNs());
    if (cards.isAlive(card)) {
      List<Integer> waiting = List.copyOf(parked);
      parked.clear();
      waiting.forEach(this::send);
    }
    again.forEach(request -> sendAgain(request, Cards.losesWork(fault) ? 1 : 0));
  }

  private void sendAgain(int request, int lost) {
    losses += lost;
    requests.sentAgain[request] = true;
    requests.losses[request] += lost;
    if (requests.losses[request] > settings.maxLosses()) {
      endings.without(request, Ending.LOST);
    } else {
      send(request);
    }
  }

  /** The policy must not hear of a unit that it may not choose. */
  private void changed(int unit) {
    if (cards.isAlive(layout.cardOfUnit[unit])) {
      policy.changed(unit);
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
        work.busyNs(),
        layout.cards.stream().map(Card::id).toList(),
        linksTo.busyNs(),
        linksFrom.busyNs(),
        work.memoryBytes(),
        layout.cards.stream().map(Card::host).distinct().toList(),
        threads.busyNs(),
        pcie,
        work.loads(),
        losses);
  }
}
