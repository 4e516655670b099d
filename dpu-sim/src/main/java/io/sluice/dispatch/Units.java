package io.sluice.dispatch;

import java.util.Arrays;

/**
 * What the units of a dispatcher have been given and when they will have done it. The free time of
 * a unit is when it begins what it has not begun, and the work of that in full batches and a rest;
 * it is right when requests of a network are put together as they come, and too late when others
 * come in time to fill a batch.
 */
final class Units implements UnitView {
  private static final int NONE = -1;

  private final Layout layout;
  private final int networks;

  /** Requests that were sent and have not begun, by unit and network. */
  private final int[] pending;

  private final int[] pendingOfUnit;
  private final int[] running;
  private final long[] beginNs;
  private final long[] workNs;

  /** Loads of weights that what is pending is expected to need. */
  private final long[] loadsNs;

  private final int[] lastNetwork;
  private final Channels links;

  Units(Layout layout, Channels links) {
    this.layout = layout;
    this.links = links;
    networks = layout.networks().size();
    pending = new int[layout.units * networks];
    pendingOfUnit = new int[layout.units];
    running = new int[layout.units];
    beginNs = new long[layout.units];
    workNs = new long[layout.units];
    loadsNs = new long[layout.units];
    lastNetwork = new int[layout.units];
    Arrays.fill(lastNetwork, NONE);
  }

  @Override
  public int units() {
    return layout.units;
  }

  @Override
  public int networks() {
    return networks;
  }

  @Override
  public int kindOf(int unit) {
    return layout.kindOfUnit[unit];
  }

  @Override
  public int kinds() {
    return layout.kinds();
  }

  @Override
  public boolean canRun(int kind, int network) {
    return layout.kind(kind).canRun(network);
  }

  @Override
  public long freeNs(int unit) {
    return beginNs[unit] + workNs[unit] + loadsNs[unit];
  }

  @Override
  public int outstanding(int unit) {
    return pendingOfUnit[unit] + running[unit];
  }

  @Override
  public int lastNetwork(int unit) {
    return lastNetwork[unit];
  }

  @Override
  public long addedNs(int unit, int network) {
    return addedNs(unit, network, pending[unit * networks + network]);
  }

  private long addedNs(int unit, int network, int to) {
    Kind kind = layout.kind(layout.kindOfUnit[unit]);
    return kind.workNs(network, to + 1) - kind.workNs(network, to);
  }

  @Override
  public long loadNs(int unit, int network) {
    return links.durationNs(
        layout.cardOfUnit[unit], layout.kind(layout.kindOfUnit[unit]).weightBytes(network));
  }

  /** A request was sent that will be at the unit at a time. */
  void sent(int unit, int network, long readyNs) {
    int at = unit * networks + network;
    if (outstanding(unit) == 0) {
      beginNs[unit] = readyNs;
    }
    workNs[unit] += addedNs(unit, network, pending[at]);
    if (lastNetwork[unit] != network) {
      loadsNs[unit] += loadNs(unit, network);
      lastNetwork[unit] = network;
    }
    pending[at]++;
    pendingOfUnit[unit]++;
  }

  /** A batch began, for which weights were loaded or not. */
  void begun(int unit, int network, int requests, boolean loaded, long finishNs) {
    Kind kind = layout.kind(layout.kindOfUnit[unit]);
    int at = unit * networks + network;
    workNs[unit] +=
        kind.workNs(network, pending[at] - requests) - kind.workNs(network, pending[at]);
    pending[at] -= requests;
    pendingOfUnit[unit] -= requests;
    running[unit] = requests;
    beginNs[unit] = finishNs;
    if (pendingOfUnit[unit] == 0) {
      loadsNs[unit] = 0;
    } else if (loaded) {
      loadsNs[unit] = Math.max(0, loadsNs[unit] - loadNs(unit, network));
    }
  }

  void finished(int unit) {
    running[unit] = 0;
  }

  /** What has not begun is sent elsewhere. */
  void nothingWaits(int unit) {
    Arrays.fill(pending, unit * networks, (unit + 1) * networks, 0);
    pendingOfUnit[unit] = 0;
    workNs[unit] = 0;
    loadsNs[unit] = 0;
  }

  /** All that the unit was given is lost, and the weights that it held. */
  void emptied(int unit, long nowNs) {
    nothingWaits(unit);
    running[unit] = 0;
    beginNs[unit] = nowNs;
    lastNetwork[unit] = NONE;
  }

  /** The unit is of another kind from now on; what is pending is estimated anew. */
  void becomes(int unit, int kind) {
    layout.kindOfUnit[unit] = kind;
    workNs[unit] = 0;
    for (int n = 0; n < networks; n++) {
      workNs[unit] += layout.kind(kind).workNs(n, pending[unit * networks + n]);
    }
  }
}
