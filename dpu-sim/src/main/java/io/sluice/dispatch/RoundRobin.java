package io.sluice.dispatch;

import java.util.BitSet;

/** Each unit in its turn, whatever it is and has to do: as VART's runners take cores. */
final class RoundRobin implements DispatchPolicy {
  private final UnitView view;
  private final BitSet usable = new BitSet();
  private int next;

  RoundRobin(UnitView view) {
    this.view = view;
  }

  @Override
  public void added(int unit) {
    usable.set(unit);
  }

  @Override
  public void changed(int unit) {
    // a turn does not depend on what a unit has to do
  }

  @Override
  public void removed(int unit) {
    usable.clear(unit);
  }

  @Override
  public int choose(int network, long nowNs) {
    int chosen = search(network, next, view.units());
    if (chosen < 0) {
      chosen = search(network, 0, next);
    }
    if (chosen >= 0) {
      next = chosen + 1 == view.units() ? 0 : chosen + 1;
    }
    return chosen;
  }

  private int search(int network, int from, int to) {
    for (int u = usable.nextSetBit(from); u >= 0 && u < to; u = usable.nextSetBit(u + 1)) {
      if (view.canRun(view.kindOf(u), network)) {
        return u;
      }
    }
    return -1;
  }
}
