package io.sluice.xrm.alloc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the allocator should do, by flat lists and scans of everything. */
final class Model {
  /** An open channel. */
  record Open(long service, long client, int device, int unit, int number, int load, long pool) {}

  /** A part of a reservation. */
  record Part(long pool, long owner, int device, int unit, int load) {}

  final Image image;
  final int devices;
  final List<Open> open = new ArrayList<>();
  final List<Part> parts = new ArrayList<>();
  final Set<Integer> closed = new TreeSet<>();
  final Map<Integer, Long> exclusive = new TreeMap<>();

  Model(int devices, Image image) {
    this.devices = devices;
    this.image = image;
  }

  private static final int WHOLE = 1_000_000;

  private boolean isActive(long pool) {
    return parts.stream().anyMatch(p -> p.pool() == pool);
  }

  int used(int device, int unit) {
    return open.stream()
        .filter(o -> o.device() == device && o.unit() == unit)
        .mapToInt(Open::load)
        .sum();
  }

  private int reserved(int device, int unit, long pool) {
    return parts.stream()
        .filter(p -> p.device() == device && p.unit() == unit)
        .filter(p -> pool == 0 || p.pool() == pool)
        .mapToInt(Part::load)
        .sum();
  }

  private int drawn(int device, int unit, long pool) {
    return open.stream()
        .filter(o -> o.device() == device && o.unit() == unit && o.pool() == pool)
        .mapToInt(Open::load)
        .sum();
  }

  private int unreservedUse(int device, int unit) {
    return open.stream()
        .filter(o -> o.device() == device && o.unit() == unit && !holds(o))
        .mapToInt(Open::load)
        .sum();
  }

  /** Whether the channel draws from a reservation that still has the unit. */
  private boolean holds(Open o) {
    return parts.stream()
        .anyMatch(p -> p.pool() == o.pool() && p.device() == o.device() && p.unit() == o.unit());
  }

  int free(int device, int unit, long pool) {
    return pool == 0
        ? WHOLE - unreservedUse(device, unit) - reserved(device, unit, 0)
        : reserved(device, unit, pool) - drawn(device, unit, pool);
  }

  List<Integer> numbers(int device, int unit) {
    return open.stream()
        .filter(o -> o.device() == device && o.unit() == unit)
        .map(Open::number)
        .toList();
  }

  Set<Long> clients(int device) {
    Set<Long> clients = new TreeSet<>();
    open.stream().filter(o -> o.device() == device).forEach(o -> clients.add(o.client()));
    parts.stream().filter(p -> p.device() == device).forEach(p -> clients.add(p.owner()));
    return clients;
  }

  private boolean admits(int device, long client, boolean alone) {
    Set<Long> others = clients(device);
    others.remove(client);
    return !closed.contains(device)
        && exclusive.getOrDefault(device, client) == client
        && (!alone || others.isEmpty());
  }

  private int rate(int device) {
    long used = 0;
    for (int unit = 0; unit < image.units().size(); unit++) {
      used += used(device, unit);
    }
    return (int) (used * 1000 / ((long) image.units().size() * WHOLE));
  }

  private int rank(int device, int unit, Policy policy) {
    return switch (policy) {
      case NONE -> 0;
      case UNIT_MOST_USED -> WHOLE - used(device, unit);
      case UNIT_LEAST_USED, LEAST_LOADED -> used(device, unit);
      case DEVICE_MOST_USED -> 1000 - rate(device);
      case DEVICE_LEAST_USED -> rate(device);
    };
  }

  /** Device and unit. */
  private Optional<int[]> find(long client, UnitRequest request) {
    for (int pass = 0; pass < 2; pass++) {
      int[] best = null;
      int lowest = Integer.MAX_VALUE;
      for (int d = 0; d < devices; d++) {
        boolean there =
            request.device().kind() != DeviceConstraint.Kind.HARDWARE
                || request.device().index() == d;
        if (!there || !admits(d, client, request.exclusive())) {
          continue;
        }
        for (int u = 0; u < image.units().size(); u++) {
          UnitSpec spec = image.units().get(u);
          List<Integer> numbers = numbers(d, u);
          boolean ofPass =
              request.policy() == Policy.LEAST_LOADED || numbers.isEmpty() == (pass == 1);
          boolean isWanted =
              request.selector().kernel().equals(spec.kernel())
                  || (!spec.alias().isEmpty() && request.selector().alias().equals(spec.alias()));
          int rank = rank(d, u, request.policy());
          if (ofPass
              && isWanted
              && numbers.size() < spec.maxChannels()
              && free(d, u, request.poolId()) >= request.load().millionths()
              && rank < lowest) {
            best = new int[] {d, u};
            lowest = rank;
          }
        }
      }
      if (best != null) {
        return Optional.of(best);
      }
    }
    return Optional.empty();
  }

  /** The units taken, in the order of the list; empty if not all could be, and nothing is. */
  Optional<List<Open>> allocate(long client, long service, ListRequest list) {
    if (!list.sameDevice()) {
      return allocateOn(client, service, list, DeviceConstraint.ANY);
    }
    for (int d = 0; d < devices; d++) {
      Optional<List<Open>> taken = allocateOn(client, service, list, DeviceConstraint.device(d));
      if (taken.isPresent()) {
        return taken;
      }
    }
    return Optional.empty();
  }

  private Optional<List<Open>> allocateOn(
      long client, long service, ListRequest list, DeviceConstraint constraint) {
    List<Open> openBefore = List.copyOf(open);
    Map<Integer, Long> exclusiveBefore = Map.copyOf(exclusive);
    List<Open> taken = new ArrayList<>();
    for (UnitRequest wanted : list.units()) {
      UnitRequest request = list.sameDevice() ? wanted.on(constraint) : wanted;
      Optional<int[]> place = find(client, request);
      if (place.isEmpty()) {
        open.clear();
        open.addAll(openBefore);
        exclusive.clear();
        exclusive.putAll(exclusiveBefore);
        return Optional.empty();
      }
      int d = place.get()[0];
      int u = place.get()[1];
      int number = 0;
      while (numbers(d, u).contains(number)) {
        number++;
      }
      Open channel =
          new Open(service, client, d, u, number, request.load().millionths(), request.poolId());
      open.add(channel);
      taken.add(channel);
      if (request.exclusive()) {
        exclusive.put(d, client);
      }
    }
    return Optional.of(taken);
  }

  /** Copies of one unit; whether all could be reserved. */
  boolean reserve(long client, long pool, int copies, UnitRequest request) {
    List<Part> before = List.copyOf(parts);
    for (int i = 0; i < copies; i++) {
      Optional<int[]> place = find(client, request);
      if (place.isEmpty()) {
        parts.clear();
        parts.addAll(before);
        return false;
      }
      parts.add(
          new Part(pool, client, place.get()[0], place.get()[1], request.load().millionths()));
    }
    return true;
  }

  void release(long service) {
    open.removeIf(o -> o.service() == service);
    settle();
  }

  void relinquish(long pool) {
    parts.removeIf(p -> p.pool() == pool);
    settle();
  }

  void disconnect(long client) {
    open.removeIf(o -> o.client() == client);
    parts.removeIf(p -> p.owner() == client);
    settle();
  }

  /** The device comes back at once, loaded again. */
  void lose(int device) {
    Set<Long> lost = new TreeSet<>();
    open.stream().filter(o -> o.device() == device).forEach(o -> lost.add(o.service()));
    open.removeIf(o -> lost.contains(o.service()));
    parts.removeIf(p -> p.device() == device);
    settle();
  }

  private void settle() {
    exclusive.entrySet().removeIf(e -> !clients(e.getKey()).contains(e.getValue()));
  }

  boolean hasPool(long pool) {
    return isActive(pool);
  }
}
