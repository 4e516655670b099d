package io.sluice.xrm.alloc;

import io.sluice.xrm.alloc.AllocatorState.AccountEntry;
import io.sluice.xrm.alloc.AllocatorState.ClientEntry;
import io.sluice.xrm.alloc.AllocatorState.DeviceEntry;
import io.sluice.xrm.alloc.AllocatorState.PoolEntry;
import java.util.List;

/** Writes books down as a plain record, and makes books of one. */
final class States {
  private States() {}

  static AllocatorState of(Books books) {
    return new AllocatorState(
        books.epoch,
        books.nowNs,
        books.clientLimit,
        books.clientIds.last(),
        books.serviceIds.last(),
        books.poolIds.last(),
        List.copyOf(books.images.values()),
        books.devices.stream()
            .map(
                device ->
                    new DeviceEntry(
                        device.spec,
                        device.condition,
                        device.image.map(Image::uuid),
                        device.lastImage.map(Image::uuid),
                        device.exclusiveClient))
            .toList(),
        books.clients.values().stream().map(c -> new ClientEntry(c.id, c.name, c.tenant)).toList(),
        books.accounts.entrySet().stream()
            .map(entry -> new AccountEntry(entry.getKey(), entry.getValue().used(books.nowNs)))
            .toList(),
        List.copyOf(books.groups.values()),
        books.pools.values().stream().map(States::of).toList(),
        List.copyOf(books.services.values()));
  }

  private static PoolEntry of(Pool pool) {
    return new PoolEntry(
        pool.id,
        pool.owner,
        pool.units.values().stream()
            .map(
                unit ->
                    new PoolEntry.Share(
                        unit.device.id, unit.index, unit.holdings.get(pool.id).reserved))
            .toList());
  }

  /**
   * @throws IllegalArgumentException if a unit has to carry more than it can, or something is named
   *     that is not there
   */
  static Books restore(AllocatorState state, long epoch, long atNs) {
    if (atNs < state.nowNs()) {
      throw new IllegalArgumentException("restored at " + atNs + " ns, before " + state.nowNs());
    }
    Books books =
        new Books(
            state.clientLimit(),
            epoch,
            atNs,
            state.lastClient(),
            state.lastService(),
            state.lastPool());
    state.images().forEach(image -> books.images.put(image.uuid(), image));
    state.groups().forEach(group -> books.groups.put(group.name(), group));
    for (AccountEntry account : state.accounts()) {
      books.accounts.put(account.tenant(), new Account(account.used(), atNs));
    }
    for (ClientEntry client : state.clients()) {
      books.add(new Client(client.id(), client.name(), client.tenant()));
    }
    for (DeviceEntry entry : state.devices()) {
      Device device = new Device(books.devices.size(), entry.spec());
      books.add(device);
      entry.image().ifPresent(uuid -> books.load(device, image(books, uuid)));
      device.lastImage = entry.lastImage().map(uuid -> image(books, uuid));
    }
    state.pools().forEach(entry -> restorePool(books, entry));
    state.allocations().forEach(allocation -> restore(books, allocation));
    for (int id = 0; id < books.devices.size(); id++) {
      DeviceEntry entry = state.devices().get(id);
      books.setExclusive(books.devices.get(id), entry.exclusiveClient());
      books.setCondition(books.devices.get(id), entry.condition());
    }
    return books;
  }

  private static Image image(Books books, String uuid) {
    Image image = books.images.get(uuid);
    if (image == null) {
      throw new IllegalArgumentException("no image " + uuid);
    }
    return image;
  }

  private static Client client(Books books, long id) {
    Client client = books.clients.get(id);
    if (client == null) {
      throw new IllegalArgumentException("no client " + id);
    }
    return client;
  }

  private static Unit unit(Books books, int device, int unit, long poolId, int load) {
    Unit found = books.device(device).orElseThrow(IllegalArgumentException::new).units.get(unit);
    long from = books.pools.containsKey(poolId) ? poolId : 0;
    if (load < 1 || found.freeFor(from) < load) {
      throw new IllegalArgumentException(
          "device " + device + " unit " + unit + " has no " + load + " millionths left");
    }
    return found;
  }

  private static void restorePool(Books books, PoolEntry entry) {
    Pool pool = new Pool(entry.id(), entry.client());
    client(books, entry.client()).pools.add(entry.id());
    for (PoolEntry.Share share : entry.shares()) {
      books.reserve(unit(books, share.device(), share.unit(), 0, share.load()), pool, share.load());
    }
    books.pools.put(pool.id, pool);
  }

  private static void restore(Books books, Allocation before) {
    LeaseId id = new LeaseId(before.id().client(), before.id().service(), books.epoch);
    long expiresAtNs =
        books.epoch == before.id().epoch()
            ? before.expiresAtNs()
            : Allocation.end(books.nowNs, before.termNs());
    Allocation allocation =
        new Allocation(id, before.grantedAtNs(), before.termNs(), expiresAtNs, before.channels());
    for (Channel channel : before.channels()) {
      Unit unit = unit(books, channel.device(), channel.unit(), channel.poolId(), channel.load());
      books.open(
          unit, id.client(), channel.channel(), id.service(), channel.load(), channel.poolId());
    }
    books.services.put(id.service(), allocation);
    client(books, id.client()).services.add(id.service());
  }
}
