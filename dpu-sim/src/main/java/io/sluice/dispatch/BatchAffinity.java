package io.sluice.dispatch;

/**
 * Keeps a network on the units that hold its weights: as {@link EarliestFinish}, but a unit that
 * would have to load them is that much later, so it is taken only when those that hold them are
 * busy for longer than loading takes.
 */
final class BatchAffinity implements DispatchPolicy {
  private final UnitView view;
  private final UnitHeaps heaps;

  /** A group for each kind and each network that its units hold last, or none. */
  private final int groupsPerKind;

  BatchAffinity(UnitView view) {
    this.view = view;
    this.heaps = new UnitHeaps(view.units());
    this.groupsPerKind = view.networks() + 1;
  }

  @Override
  public void added(int unit) {
    changed(unit);
  }

  @Override
  public void changed(int unit) {
    int group = view.kindOf(unit) * groupsPerKind + view.lastNetwork(unit) + 1;
    heaps.put(unit, group, view.freeNs(unit));
  }

  @Override
  public void removed(int unit) {
    heaps.remove(unit);
  }

  @Override
  public int choose(int network, long nowNs) {
    int best = -1;
    long bestNs = Long.MAX_VALUE;
    for (int group = 0; group < heaps.groups(); group++) {
      int unit = heaps.first(group);
      if (unit < 0 || !view.canRun(group / groupsPerKind, network)) {
        continue;
      }
      long doneNs = Math.max(nowNs, heaps.key(unit)) + view.addedNs(unit, network);
      if (group % groupsPerKind != network + 1) {
        doneNs += view.loadNs(unit, network);
      }
      if (doneNs < bestNs || (doneNs == bestNs && unit < best)) {
        best = unit;
        bestNs = doneNs;
      }
    }
    return best;
  }
}
