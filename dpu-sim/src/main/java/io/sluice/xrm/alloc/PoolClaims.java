package io.sluice.xrm.alloc;

/** Reserves a share of each unit for a pool. */
final class PoolClaims extends Claims {
  private final Books books;
  private final Pool pool;

  PoolClaims(Books books, Pool pool) {
    this.books = books;
    this.pool = pool;
  }

  @Override
  Runnable book(int place, Unit unit, UnitRequest request) {
    return book(unit, request.millionths());
  }

  /** Every unit of a device that nobody uses. */
  void takeWhole(Device device) {
    for (Unit unit : device.units) {
      take(0, unit, UnitRequest.of(Selector.unit(unit.spec.name()), Load.whole()));
    }
  }

  private Runnable book(Unit unit, int load) {
    books.reserve(unit, pool, load);
    return () -> books.unreserve(unit, pool, load);
  }
}
