package io.sluice.xrm.alloc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Devices, clients, reservations and services, and the four changes that move load: a channel opens
 * and closes, a share is reserved and given up. Every change keeps the indexes true. Whether a
 * change is allowed was asked before.
 */
final class Books {
  final int clientLimit;

  /** Of the leases granted from now on. */
  final long epoch;

  /** Time of the last call. */
  long nowNs;

  /** Changes so far by which an answer may be another one than before. */
  long freed;

  /** Changes so far of devices, their images and reservations. */
  long fleetVersion;

  final Ids clientIds;
  final Ids serviceIds;
  final Ids poolIds;
  final List<Device> devices = new ArrayList<>();
  final NavigableMap<Long, Client> clients = new TreeMap<>();
  final NavigableMap<Long, Pool> pools = new TreeMap<>();
  final NavigableMap<Long, Allocation> services = new TreeMap<>();
  final Map<String, Group> groups = new TreeMap<>();

  /** By the name of the tenant, of all that have clients. */
  final Map<String, Account> accounts = new TreeMap<>();

  /** Every image that was ever loaded, by uuid. */
  final Map<String, Image> images = new TreeMap<>();

  final Indexes indexes = new Indexes(devices);

  /** Enabled devices without an image. */
  private final TreeSet<Integer> unloaded = new TreeSet<>();

  /** Enabled devices with an image that nobody uses, by the image's uuid. */
  private final Map<String, TreeSet<Integer>> idle = new TreeMap<>();

  private final Map<Integer, String> idleWith = new HashMap<>();

  /** Without devices; the ids are those given last. */
  Books(int clientLimit, long epoch, long nowNs, long lastClient, long lastService, long lastPool) {
    this.clientLimit = clientLimit;
    this.epoch = epoch;
    this.nowNs = nowNs;
    this.clientIds = new Ids(lastClient);
    this.serviceIds = new Ids(lastService);
    this.poolIds = new Ids(lastPool);
  }

  Optional<Device> device(int id) {
    return id >= 0 && id < devices.size() ? Optional.of(devices.get(id)) : Optional.empty();
  }

  /** The first enabled device without an image that can load one. */
  Optional<Device> unloadedFor(Image image) {
    return unloaded.stream()
        .map(devices::get)
        .filter(device -> image.fits(device.spec.shell()))
        .findFirst();
  }

  /** The first enabled device that nobody uses, has another image and can load this one. */
  Optional<Device> idleFor(Image image) {
    return idle.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(image.uuid()))
        .map(Map.Entry::getValue)
        .flatMap(
            ids ->
                ids.stream()
                    .filter(id -> image.fits(devices.get(id).spec.shell()))
                    .findFirst()
                    .stream())
        .min(Integer::compare)
        .map(devices::get);
  }

  /** Enabled devices that nobody uses and that have an image, in their order. */
  Collection<Integer> idleWith(String uuid) {
    return idle.getOrDefault(uuid, new TreeSet<>());
  }

  void add(Client client) {
    clients.put(client.id, client);
    accounts.computeIfAbsent(client.tenant, tenant -> new Account(0, nowNs)).clients++;
  }

  /** A client that has nothing goes. */
  void remove(Client client) {
    freed++;
    clients.remove(client.id);
    accounts.computeIfPresent(
        client.tenant, (tenant, account) -> --account.clients == 0 ? null : account);
  }

  void add(Device device) {
    fleetVersion++;
    freed++;
    devices.add(device);
    sort(device);
  }

  void load(Device device, Image image) {
    fleetVersion++;
    freed++;
    device.makeUnits(image);
    images.put(image.uuid(), image);
    indexes.added(device);
    sort(device);
  }

  /** Nobody uses the device. */
  void unload(Device device) {
    fleetVersion++;
    freed++;
    indexes.removed(device);
    device.image = Optional.empty();
    device.units = List.of();
    sort(device);
  }

  void setCondition(Device device, DeviceCondition condition) {
    fleetVersion++;
    freed++;
    device.condition = condition;
    indexes.refresh(device);
    sort(device);
  }

  private void sort(Device device) {
    boolean enabled = device.condition == DeviceCondition.ENABLED;
    if (enabled && device.image.isEmpty()) {
      unloaded.add(device.id);
    } else {
      unloaded.remove(device.id);
    }
    String before = idleWith.get(device.id);
    String now =
        enabled && device.isIdle() && device.image.isPresent() ? device.image.get().uuid() : null;
    if (before != null && !before.equals(now)) {
      idle.get(before).remove(device.id);
      idleWith.remove(device.id);
    }
    if (now != null && !now.equals(before)) {
      idle.computeIfAbsent(now, uuid -> new TreeSet<>()).add(device.id);
      idleWith.put(device.id, now);
    }
  }

  /** A channel opens. */
  void open(Unit unit, long client, int channel, long service, int load, long poolId) {
    change(
        unit,
        () -> {
          unit.open(channel, service);
          use(unit, client, poolId, load);
          unit.device.clients.merge(client, 1, Integer::sum);
        });
  }

  /** A channel closes; what it drew from a reservation that is still there returns to it. */
  void close(Unit unit, long client, int channel, int load, long poolId) {
    freed++;
    change(
        unit,
        () -> {
          unit.close(channel);
          use(unit, client, poolId, -load);
          leave(unit.device, client);
        });
  }

  private void use(Unit unit, long client, long poolId, int load) {
    Unit.Holding holding = unit.holdings.get(poolId);
    if (holding == null) {
      unit.ownUsed += load;
      charge(client, load);
    } else {
      holding.used += load;
      unit.reservedUsed += load;
    }
    unit.device.used += load;
  }

  /** A share of a unit is reserved; a second one adds to the first. */
  void reserve(Unit unit, Pool pool, int load) {
    fleetVersion++;
    change(
        unit,
        () -> {
          Unit.Holding holding = unit.holdings.get(pool.id);
          if (holding == null) {
            holding = new Unit.Holding();
            unit.holdings.put(pool.id, holding);
            pool.units.put(unit.position(), unit);
            unit.device.clients.merge(pool.owner, 1, Integer::sum);
          }
          holding.reserved += load;
          unit.reserved += load;
          charge(pool.owner, load);
        });
  }

  /** Part of a share that is not drawn is given up. */
  void unreserve(Unit unit, Pool pool, int load) {
    fleetVersion++;
    freed++;
    change(
        unit,
        () -> {
          Unit.Holding holding = unit.holdings.get(pool.id);
          holding.reserved -= load;
          unit.reserved -= load;
          charge(pool.owner, -load);
          if (holding.reserved == 0) {
            drop(unit, pool);
          }
        });
  }

  /** The whole share is given up; what is drawn of it goes on outside of the reservation. */
  void relinquish(Unit unit, Pool pool) {
    fleetVersion++;
    freed++;
    change(
        unit,
        () -> {
          Unit.Holding holding = unit.holdings.get(pool.id);
          unit.reserved -= holding.reserved;
          unit.reservedUsed -= holding.used;
          unit.ownUsed += holding.used;
          charge(pool.owner, -holding.reserved);
          chargeDrawers(unit, pool);
          drop(unit, pool);
        });
  }

  /** Those who go on with what they drew hold it themselves now. */
  private void chargeDrawers(Unit unit, Pool pool) {
    for (Map.Entry<Integer, Long> open : unit.channels.entrySet()) {
      Allocation allocation = services.get(open.getValue());
      for (Channel channel : allocation.channels()) {
        if (channel.isOn(unit, open.getKey()) && channel.poolId() == pool.id) {
          charge(allocation.id().client(), channel.load());
        }
      }
    }
  }

  private void charge(long client, int load) {
    accounts.get(clients.get(client).tenant).charge(nowNs, load);
  }

  private static void drop(Unit unit, Pool pool) {
    unit.holdings.remove(pool.id);
    pool.units.remove(unit.position());
    leave(unit.device, pool.owner);
  }

  private static void leave(Device device, long client) {
    device.clients.computeIfPresent(client, (id, count) -> count == 1 ? null : count - 1);
    if (device.exclusiveClient == client && !device.clients.containsKey(client)) {
      device.exclusiveClient = 0;
    }
  }

  /** The device is one client's alone, until that has nothing on it; 0 takes it back. */
  void setExclusive(Device device, long client) {
    device.exclusiveClient = client;
    indexes.refresh(device);
  }

  private void change(Unit unit, Runnable change) {
    Device device = unit.device;
    long shared = device.sharedOwner();
    long sole = device.soleOwner();
    boolean wasIdle = device.isIdle();
    change.run();
    indexes.refresh(unit, shared != device.sharedOwner(), sole != device.soleOwner());
    if (wasIdle != device.isIdle()) {
      sort(device);
    }
  }
}
