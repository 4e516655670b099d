package io.sluice.xrm.alloc;

import io.sluice.xrm.alloc.FitTree.Pass;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds the unit that a request gets. Over all devices this asks the indexes and costs the
 * logarithm of the fleet; on one device or in one reservation it looks at each unit.
 */
final class Finder {
  private static final List<Pass> USED_FIRST = List.of(Pass.IN_USE, Pass.IDLE);
  private static final List<Pass> ALL_AT_ONCE = List.of(Pass.EITHER);

  private final Books books;

  Finder(Books books) {
    this.books = books;
  }

  /** The unit for a request that was checked. */
  Optional<Unit> find(long client, UnitRequest request) {
    boolean onDevice = request.device().kind() == DeviceConstraint.Kind.HARDWARE;
    if (request.poolId() != 0) {
      Pool pool = books.pools.get(request.poolId());
      Collection<Unit> units = pool.units.values();
      return among(
          onDevice
              ? units.stream().filter(u -> u.device.id == request.device().index()).toList()
              : units,
          client,
          request);
    }
    if (onDevice) {
      return among(books.device(request.device().index()).orElseThrow().units, client, request);
    }
    return anywhere(client, request);
  }

  private static List<Pass> passes(Policy policy) {
    return policy == Policy.LEAST_LOADED ? ALL_AT_ONCE : USED_FIRST;
  }

  /** The unit of these, which lie in the order of their positions. */
  Optional<Unit> among(Collection<Unit> units, long client, UnitRequest request) {
    for (Pass pass : passes(request.policy())) {
      Unit best = null;
      for (Unit unit : units) {
        if (isOf(unit, pass)
            && takes(unit, client, request)
            && (best == null || rank(unit, request.policy()) < rank(best, request.policy()))) {
          best = unit;
        }
      }
      if (best != null) {
        return Optional.of(best);
      }
    }
    return Optional.empty();
  }

  private static boolean isOf(Unit unit, Pass pass) {
    return pass == Pass.EITHER || unit.inUse() == (pass == Pass.IN_USE);
  }

  private static boolean takes(Unit unit, long client, UnitRequest request) {
    return unit.freeFor(request.poolId()) >= request.millionths()
        && unit.hasChannel()
        && unit.device.admits(client, request.exclusive())
        && request.selector().matches(unit);
  }

  /** The lowest is taken first. */
  private static long rank(Unit unit, Policy policy) {
    return switch (policy) {
      case NONE -> 0;
      case UNIT_MOST_USED -> -unit.used();
      case UNIT_LEAST_USED, LEAST_LOADED -> unit.used();
      case DEVICE_MOST_USED -> -unit.device.ratePerMille();
      case DEVICE_LEAST_USED -> unit.device.ratePerMille();
    };
  }

  private Optional<Unit> anywhere(long client, UnitRequest request) {
    FitIndex index = index(request);
    for (Pass pass : passes(request.policy())) {
      OptionalLong found =
          switch (request.policy()) {
            case UNIT_MOST_USED, DEVICE_MOST_USED ->
                index.firstOfHighest(client, pass, request.millionths());
            default -> index.first(client, pass, request.millionths(), 0);
          };
      if (found.isPresent()) {
        Device device = books.devices.get(index.device(found.getAsLong()));
        return index.key.order() == FitIndex.Order.RATE
            ? device.units.stream()
                .filter(unit -> isOf(unit, pass) && takes(unit, client, request))
                .findFirst()
            : Optional.of(device.units.get(index.unit(found.getAsLong())));
      }
    }
    return Optional.empty();
  }

  private FitIndex index(UnitRequest request) {
    FitIndex.Order order =
        switch (request.policy()) {
          case NONE -> FitIndex.Order.POSITION;
          case UNIT_MOST_USED, UNIT_LEAST_USED, LEAST_LOADED -> FitIndex.Order.USED;
          case DEVICE_MOST_USED, DEVICE_LEAST_USED -> FitIndex.Order.RATE;
        };
    return books.indexes.get(new FitIndex.Key(request.selector(), order, request.exclusive()));
  }

  /**
   * The first device from an id on that has a unit for a request, whatever its device constraint
   * and in the order of ids whatever its policy.
   */
  Optional<Device> nextDevice(long client, UnitRequest request, int fromId) {
    if (request.poolId() != 0) {
      Collection<Unit> units =
          books.pools.get(request.poolId()).units.tailMap(FitIndex.firstPosition(fromId)).values();
      return units.stream()
          .filter(unit -> takes(unit, client, request))
          .map(unit -> unit.device)
          .findFirst();
    }
    FitIndex index =
        books.indexes.get(
            new FitIndex.Key(request.selector(), FitIndex.Order.POSITION, request.exclusive()));
    OptionalLong found =
        index.first(client, Pass.EITHER, request.millionths(), FitIndex.firstPosition(fromId));
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(books.devices.get(index.device(found.getAsLong())));
  }
}
