package io.sluice.dispatch;

/**
 * The unit that would be done with the request first: of each kind the one that is free first, and
 * of these the one on which its free time and the request's own add up to least. A slow unit that
 * is free is passed over when a fast one, though busy, is done before it.
 *
 * <p>Not optimal where it saves work: within a kind it does not look for a unit whose batch has
 * room, and it does not count the loading of weights, which {@link BatchAffinity} does.
 */
final class EarliestFinish implements DispatchPolicy {
  private final UnitView view;
  private final UnitHeaps heaps;

  EarliestFinish(UnitView view) {
    this.view = view;
    this.heaps = new UnitHeaps(view.units());
  }

  @Override
  public void added(int unit) {
    changed(unit);
  }

  @Override
  public void changed(int unit) {
    heaps.put(unit, view.kindOf(unit), view.freeNs(unit));
  }

  @Override
  public void removed(int unit) {
    heaps.remove(unit);
  }

  @Override
  public int choose(int network, long nowNs) {
    int best = -1;
    long bestNs = Long.MAX_VALUE;
    for (int kind = 0; kind < heaps.groups(); kind++) {
      int unit = heaps.first(kind);
      if (unit < 0 || !view.canRun(kind, network)) {
        continue;
      }
      long doneNs = Math.max(nowNs, heaps.key(unit)) + view.addedNs(unit, network);
      if (doneNs < bestNs || (doneNs == bestNs && unit < best)) {
        best = unit;
        bestNs = doneNs;
      }
    }
    return best;
  }
}
