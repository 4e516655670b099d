package io.sluice.xrm.alloc;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Places the units of a list, all or none. Units are placed one after the other, each as if it were
 * alone; those of one virtual device index together, when the first of them comes, on the first
 * device that takes them all and that no other index has, in the order of ids.
 *
 * <p>First fit, without a search over the orders: a list can be refused that would fit if its units
 * were placed in another order, and indices can be refused that would fit if they changed devices.
 * What must lie on one device tries one device after the other, so in a full fleet it may look at
 * all that have room for the largest of its units.
 */
final class ListPlacer {
  private final Finder finder;

  ListPlacer(Finder finder) {
    this.finder = finder;
  }

  /** Whether all could be taken; if not, nothing is. */
  boolean place(long client, ListRequest list, Claims claims) {
    int start = claims.size();
    Map<Integer, List<Integer>> together = together(list);
    Set<Integer> devicesTaken = new HashSet<>();
    for (int i = 0; i < list.units().size(); i++) {
      UnitRequest request = list.units().get(i);
      Integer index = virtualIndex(list, request);
      boolean placed;
      if (index == null) {
        placed = placeOne(client, i, request, claims);
      } else {
        List<Integer> places = together.remove(index);
        placed = places == null || placeTogether(client, list, places, devicesTaken, claims);
      }
      if (!placed) {
        claims.undoTo(start);
        return false;
      }
    }
    return true;
  }

  /** Places in the list by virtual device index. */
  private static Map<Integer, List<Integer>> together(ListRequest list) {
    Map<Integer, List<Integer>> together = new LinkedHashMap<>();
    for (int i = 0; i < list.units().size(); i++) {
      Integer index = virtualIndex(list, list.units().get(i));
      if (index != null) {
        together.computeIfAbsent(index, k -> new ArrayList<>()).add(i);
      }
    }
    return together;
  }

  /** Null if it has none. */
  private static Integer virtualIndex(ListRequest list, UnitRequest request) {
    if (list.sameDevice()) {
      return 0;
    }
    DeviceConstraint device = request.device();
    return device.kind() == DeviceConstraint.Kind.VIRTUAL ? device.index() : null;
  }

  private boolean placeOne(long client, int place, UnitRequest request, Claims claims) {
    Optional<Unit> unit = finder.find(client, request);
    unit.ifPresent(found -> claims.take(place, found, request));
    return unit.isPresent();
  }

  private boolean placeTogether(
      long client,
      ListRequest list,
      List<Integer> places,
      Set<Integer> devicesTaken,
      Claims claims) {
    UnitRequest largest = list.units().get(places.get(0));
    for (int place : places) {
      if (list.units().get(place).millionths() > largest.millionths()) {
        largest = list.units().get(place);
      }
    }
    Optional<Device> device = finder.nextDevice(client, largest, 0);
    while (device.isPresent()) {
      Device candidate = device.get();
      if (!devicesTaken.contains(candidate.id)
          && placeOn(candidate, client, list, places, claims)) {
        devicesTaken.add(candidate.id);
        return true;
      }
      device = finder.nextDevice(client, largest, candidate.id + 1);
    }
    return false;
  }

  private boolean placeOn(
      Device device, long client, ListRequest list, List<Integer> places, Claims claims) {
    int start = claims.size();
    DeviceConstraint there = DeviceConstraint.device(device.id);
    for (int place : places) {
      if (!placeOne(client, place, list.units().get(place).on(there), claims)) {
        claims.undoTo(start);
        return false;
      }
    }
    return true;
  }
}
