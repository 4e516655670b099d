package io.sluice.xrm.alloc;

import io.sluice.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes and ends reservations. */
final class Pools {
  private final Books books;
  private final ListPlacer placer;

  Pools(Books books, ListPlacer placer) {
    this.books = books;
    this.placer = placer;
  }

  /** Reserves all of a checked request, or nothing. */
  Reply<PoolStatus> reserve(long id, long client, PoolRequest request) {
    Pool pool = new Pool(id, client);
    PoolClaims claims = new PoolClaims(books, pool);
    Optional<Reply<PoolStatus>> refused = take(pool, request, claims);
    if (refused.isPresent()) {
      claims.undoTo(0);
      return refused.get();
    }
    books.pools.put(id, pool);
    books.clients.get(client).pools.add(id);
    return Reply.of(PoolStatus.of(pool));
  }

  private Optional<Reply<PoolStatus>> take(Pool pool, PoolRequest request, PoolClaims claims) {
    for (int device : request.devices()) {
      Device whole = books.devices.get(device);
      if (whole.image.isEmpty()) {
        return refused(
            ErrorCode.XRM_ERROR_DEVICE_IS_NOT_LOADED, Reason.NOT_LOADED, "device " + device);
      }
      if (!whole.isOpen()) {
        return refused(
            ErrorCode.XRM_ERROR_NO_DEV,
            Reason.DISABLED,
            "device " + device + " is " + whole.condition);
      }
      if (!whole.isIdle()) {
        return refused(ErrorCode.XRM_ERROR_DEVICE_IS_BUSY, Reason.BUSY, "device " + device);
      }
      claims.takeWhole(whole);
    }
    for (int i = 0; i < request.images(); i++) {
      Optional<Integer> idle = books.idleWith(request.imageUuid()).stream().findFirst();
      if (idle.isEmpty()) {
        return refused(
            ErrorCode.XRM_ERROR_NO_DEV,
            books.images.containsKey(request.imageUuid()) ? Reason.BUSY : Reason.NOT_LOADED,
            i + " of " + request.images() + " idle devices with image " + request.imageUuid());
      }
      claims.takeWhole(books.devices.get(idle.get()));
    }
    for (int i = 0; i < request.lists(); i++) {
      ListRequest list = request.list().orElseThrow();
      if (!placer.place(pool.owner, list, claims)) {
        return refused(
            ErrorCode.XRM_ERROR_NO_KERNEL,
            Reason.BUSY,
            i + " of " + request.lists() + " lists could be reserved");
      }
    }
    return Optional.empty();
  }

  private static Optional<Reply<PoolStatus>> refused(ErrorCode code, Reason reason, String detail) {
    return Optional.of(Reply.refuse(code, reason, detail));
  }

  /** What nobody draws is free at once, the rest when its channels close. */
  void relinquish(Pool pool) {
    books.pools.remove(pool.id);
    books.clients.get(pool.owner).pools.remove(pool.id);
    new ArrayList<>(pool.units.values()).forEach(unit -> books.relinquish(unit, pool));
  }

  /** Takes a device that is going out of all reservations; nobody draws from it any more. */
  List<Long> withdraw(Device device) {
    List<Long> concerned = new ArrayList<>();
    for (Unit unit : device.units) {
      for (long id : List.copyOf(unit.holdings.keySet())) {
        books.relinquish(unit, books.pools.get(id));
        concerned.add(id);
      }
    }
    return concerned.stream().distinct().sorted().toList();
  }
}
