package io.sluice.xrm.alloc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The indexes over the units of all devices, made when they are first asked for. Of those not asked
 * for in a while the oldest is dropped, so that odd selectors cannot fill the memory; what is found
 * does not depend on it.
 */
final class Indexes {
  /** Every change of a unit costs an update of each index that lists it. */
  private static final int MAX_INDEXES = 64;

  private final List<Device> devices;
  private final Map<FitIndex.Key, FitIndex> byKey = new LinkedHashMap<>(16, 0.75f, true);

  Indexes(List<Device> devices) {
    this.devices = devices;
  }

  FitIndex get(FitIndex.Key key) {
    FitIndex index = byKey.get(key);
    if (index == null) {
      if (byKey.size() == MAX_INDEXES) {
        FitIndex oldest = byKey.values().iterator().next();
        byKey.remove(oldest.key);
        drop(oldest);
      }
      FitIndex made = new FitIndex(key);
      byKey.put(key, made);
      devices.forEach(device -> list(device, made));
      index = made;
    }
    return index;
  }

  private void drop(FitIndex index) {
    for (Device device : devices) {
      device.rateIndexes.remove(index);
      device.units.forEach(unit -> unit.indexes.remove(index));
    }
  }

  /** The units of a device are there. */
  void added(Device device) {
    byKey.values().forEach(index -> list(device, index));
  }

  private static void list(Device device, FitIndex index) {
    boolean byRate = index.key.order() == FitIndex.Order.RATE;
    for (Unit unit : device.units) {
      if (index.matches(unit)) {
        if (byRate) {
          device.rateIndexes.add(index);
        } else {
          unit.indexes.add(index);
          index.refresh(unit);
        }
      }
    }
    if (device.rateIndexes.contains(index)) {
      index.refresh(device);
    }
  }

  /** The units of a device are about to go. */
  void removed(Device device) {
    device.rateIndexes.forEach(index -> index.forget(device));
    device.rateIndexes.clear();
    for (Unit unit : device.units) {
      unit.indexes.forEach(index -> index.forget(unit));
      unit.indexes.clear();
    }
  }

  /** After a change of a device that changes who may use it. */
  void refresh(Device device) {
    device.units.forEach(unit -> unit.indexes.forEach(index -> index.refresh(unit)));
    device.rateIndexes.forEach(index -> index.refresh(device));
  }

  /**
   * After a change of a unit.
   *
   * @param shared whether it changed who may use the device
   * @param sole whether it changed who may use it alone
   */
  void refresh(Unit unit, boolean shared, boolean sole) {
    if (shared || sole) {
      for (Unit other : unit.device.units) {
        for (FitIndex index : other.indexes) {
          if (other != unit && (index.key.exclusively() ? sole : shared)) {
            index.refresh(other);
          }
        }
      }
    }
    unit.indexes.forEach(index -> index.refresh(unit));
    unit.device.rateIndexes.forEach(index -> index.refresh(unit.device));
  }
}
