package io.sluice.dispatch;

/**
 * At a unit the request with the earliest deadline goes first, those without one last; units are
 * chosen as {@link EarliestFinish} does.
 */
final class EarliestDeadline implements DispatchPolicy {
  private final EarliestFinish unitFor;

  EarliestDeadline(UnitView view) {
    this.unitFor = new EarliestFinish(view);
  }

  @Override
  public void added(int unit) {
    unitFor.added(unit);
  }

  @Override
  public void changed(int unit) {
    unitFor.changed(unit);
  }

  @Override
  public void removed(int unit) {
    unitFor.removed(unit);
  }

  @Override
  public int choose(int network, long nowNs) {
    return unitFor.choose(network, nowNs);
  }

  @Override
  public boolean isByDeadline() {
    return true;
  }
}
