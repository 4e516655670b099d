package io.sluice.xrm.alloc;

import io.sluice.xrm.alloc.FitTree.Pass;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * The units that a selector matches, in an order, kept up to date with every change of a unit. Each
 * client sees those that anybody may use and those of devices that only it may use; so there is one
 * tree for all and one for each client that has devices alone.
 */
final class FitIndex {
  /** In which order units are listed. */
  enum Order {
    /** Devices in their order, and units in theirs. */
    POSITION,
    /** By used load, then by position. */
    USED,
    /** Devices, not units: by load rate, then by id. */
    RATE
  }

  /**
   * What an index lists.
   *
   * @param exclusively for requests that want the device alone
   */
  record Key(Selector selector, Order order, boolean exclusively) {}

  /** Where a unit or device is listed. */
  private record Place(long owner, long key) {}

  /** Bits of a key below its bucket, a used load or a load rate. */
  private static final int BUCKET_SHIFT = 32;

  private static final int UNIT_BITS = 11;
  private static final long POSITION_MASK = (1L << BUCKET_SHIFT) - 1;

  static {
    if (Image.MAX_UNITS > 1 << UNIT_BITS) {
      throw new AssertionError("units of a device do not fit into a key");
    }
  }

  final Key key;
  private final Map<Long, FitTree> trees = new HashMap<>();
  private final Map<Object, Place> places = new HashMap<>();

  FitIndex(Key key) {
    this.key = key;
  }

  /** The position of a device's first unit. */
  static long firstPosition(int device) {
    return (long) device << UNIT_BITS;
  }

  /** The device that a key of this index is of. */
  int device(long found) {
    long position = found & POSITION_MASK;
    return (int) (key.order() == Order.RATE ? position : position >>> UNIT_BITS);
  }

  /** The unit on its device that a key of this index is of. */
  int unit(long found) {
    return (int) found & (1 << UNIT_BITS) - 1;
  }

  /** After a change of a unit that this index lists. */
  void refresh(Unit unit) {
    int free = unit.hasChannel() ? unit.free() : FitTree.NONE;
    long bucket = key.order() == Order.USED ? unit.used() : 0;
    put(
        unit,
        new Place(owner(unit.device), bucket << BUCKET_SHIFT | unit.position()),
        unit.inUse() ? free : FitTree.NONE,
        unit.inUse() ? FitTree.NONE : free);
  }

  /** After a change of a device that this index lists by load rate. */
  void refresh(Device device) {
    int inUse = FitTree.NONE;
    int idle = FitTree.NONE;
    for (Unit unit : device.units) {
      if (unit.hasChannel() && matches(unit)) {
        if (unit.inUse()) {
          inUse = Math.max(inUse, unit.free());
        } else {
          idle = Math.max(idle, unit.free());
        }
      }
    }
    long rate = device.ratePerMille();
    put(device, new Place(owner(device), rate << BUCKET_SHIFT | device.id), inUse, idle);
  }

  boolean matches(Unit unit) {
    return key.selector().matches(unit);
  }

  private long owner(Device device) {
    return key.exclusively() ? device.soleOwner() : device.sharedOwner();
  }

  private void put(Object listed, Place place, int inUse, int idle) {
    Place before = places.put(listed, place);
    if (before != null && !before.equals(place)) {
      remove(before);
    }
    if (place.owner() != Device.NOBODY) {
      trees.computeIfAbsent(place.owner(), o -> new FitTree()).put(place.key(), inUse, idle);
    }
  }

  /** A unit or device is gone. */
  void forget(Object listed) {
    Place before = places.remove(listed);
    if (before != null) {
      remove(before);
    }
  }

  private void remove(Place place) {
    if (place.owner() != Device.NOBODY) {
      FitTree tree = trees.get(place.owner());
      tree.remove(place.key());
      if (tree.isEmpty()) {
        trees.remove(place.owner());
      }
    }
  }

  /** The first of those with so much free, from a key on. */
  OptionalLong first(long client, Pass pass, int free, long from) {
    return seenBy(client)
        .map(owner -> firstOf(owner, pass, free, from))
        .filter(found -> found >= 0)
        .min();
  }

  /** The first of the highest bucket in which one has so much free. */
  OptionalLong firstOfHighest(long client, Pass pass, int free) {
    OptionalLong bucket =
        seenBy(client)
            .map(owner -> lastOf(owner, pass, free))
            .filter(found -> found >= 0)
            .map(found -> found & ~POSITION_MASK)
            .max();
    return bucket.isEmpty() ? bucket : first(client, pass, free, bucket.getAsLong());
  }

  private static LongStream seenBy(long client) {
    return Arrays.stream(new long[] {Device.ANYBODY, client});
  }

  private long firstOf(long owner, Pass pass, int free, long from) {
    FitTree tree = trees.get(owner);
    return tree == null ? FitTree.NONE : tree.first(pass, free, from).orElse(FitTree.NONE);
  }

  private long lastOf(long owner, Pass pass, int free) {
    FitTree tree = trees.get(owner);
    return tree == null ? FitTree.NONE : tree.last(pass, free).orElse(FitTree.NONE);
  }
}
