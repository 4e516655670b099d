package io.sluice.xrm.alloc;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A device, its image and who uses it. Changed by {@link Books} only. */
final class Device {
  /** No client may allocate there. */
  static final long NOBODY = -1;

  /** Any client may. */
  static final long ANYBODY = 0;

  private static final int PER_MILLE = 1000;

  final int id;
  final DeviceSpec spec;
  DeviceCondition condition = DeviceCondition.ENABLED;
  Optional<Image> image = Optional.empty();

  /** The image that it had when it was last loaded. */
  Optional<Image> lastImage = Optional.empty();

  List<Unit> units = List.of();

  /** How many channels and holdings of reservations each client has on it. */
  final NavigableMap<Long, Integer> clients = new TreeMap<>();

  /** Who has it alone; 0 for nobody. */
  long exclusiveClient;

  /** Sum of the used loads of its units, in millionths. */
  long used;

  /** The indexes by load rate that list it. */
  final Set<FitIndex> rateIndexes = new LinkedHashSet<>();

  Device(int id, DeviceSpec spec) {
    this.id = id;
    this.spec = spec;
  }

  /** Share of its units' time that is used, in 1/1000, rounded down. */
  int ratePerMille() {
    return units.isEmpty() ? 0 : (int) (used * PER_MILLE / ((long) units.size() * Load.WHOLE));
  }

  boolean isIdle() {
    return clients.isEmpty();
  }

  boolean isOpen() {
    return condition == DeviceCondition.ENABLED && image.isPresent();
  }

  /** Who may allocate on it: one client, {@link #ANYBODY} or {@link #NOBODY}. */
  long sharedOwner() {
    return isOpen() ? exclusiveClient : NOBODY;
  }

  /** Who may take it alone: one client, {@link #ANYBODY} or {@link #NOBODY}. */
  long soleOwner() {
    if (!isOpen() || clients.size() > 1) {
      return NOBODY;
    }
    return clients.isEmpty() ? ANYBODY : clients.firstKey();
  }

  boolean admits(long client, boolean exclusively) {
    long owner = exclusively ? soleOwner() : sharedOwner();
    return owner == ANYBODY || owner == client;
  }

  void makeUnits(Image loaded) {
    List<Unit> made = new ArrayList<>();
    for (UnitSpec unit : loaded.units()) {
      made.add(new Unit(this, made.size(), unit));
    }
    image = Optional.of(loaded);
    lastImage = image;
    units = List.copyOf(made);
  }
}
