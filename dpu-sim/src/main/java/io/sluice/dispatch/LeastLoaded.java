package io.sluice.dispatch;

/** The unit with the fewest requests, of several the first. Blind to how fast units are. */
final class LeastLoaded implements DispatchPolicy {
  private final UnitView view;
  private final UnitHeaps heaps;

  LeastLoaded(UnitView view) {
    this.view = view;
    this.heaps = new UnitHeaps(view.units());
  }

  @Override
  public void added(int unit) {
    changed(unit);
  }

  @Override
  public void changed(int unit) {
    heaps.put(unit, view.kindOf(unit), view.outstanding(unit));
  }

  @Override
  public void removed(int unit) {
    heaps.remove(unit);
  }

  @Override
  public int choose(int network, long nowNs) {
    int best = -1;
    for (int kind = 0; kind < heaps.groups(); kind++) {
      int unit = heaps.first(kind);
      if (unit >= 0
          && view.canRun(kind, network)
          && (best < 0
              || heaps.key(unit) < heaps.key(best)
              || (heaps.key(unit) == heaps.key(best) && unit < best))) {
        best = unit;
      }
    }
    return best;
  }
}
