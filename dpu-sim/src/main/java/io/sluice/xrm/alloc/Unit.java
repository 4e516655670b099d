package io.sluice.xrm.alloc;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A unit of a loaded device and what is taken of it, in millionths. Changed by {@link Books} only.
 */
final class Unit {
  /** What a reservation has of a unit. */
  static final class Holding {
    int reserved;
    int used;

    int free() {
      return reserved - used;
    }
  }

  final Device device;
  final int index;
  final UnitSpec spec;

  /** Used by channels that draw from no reservation. */
  int ownUsed;

  /** Set aside by reservations, drawn or not. */
  int reserved;

  /** Used by channels that draw from reservations. */
  int reservedUsed;

  private final BitSet taken = new BitSet();

  /** The service of each channel. */
  final NavigableMap<Integer, Long> channels = new TreeMap<>();

  final NavigableMap<Long, Holding> holdings = new TreeMap<>();

  /** The indexes that list this unit. */
  final List<FitIndex> indexes = new ArrayList<>();

  Unit(Device device, int index, UnitSpec spec) {
    this.device = device;
    this.index = index;
    this.spec = spec;
  }

  /** Devices in their order, and units in theirs; below 2^32. */
  long position() {
    return FitIndex.firstPosition(device.id) | index;
  }

  int used() {
    return ownUsed + reservedUsed;
  }

  boolean inUse() {
    return !channels.isEmpty();
  }

  /** Neither used nor reserved. */
  int free() {
    return Load.WHOLE - ownUsed - reserved;
  }

  boolean hasChannel() {
    return channels.size() < spec.maxChannels();
  }

  /** What a request can draw: from the reservation, or of what is free if that is 0. */
  int freeFor(long poolId) {
    if (poolId == 0) {
      return free();
    }
    Holding holding = holdings.get(poolId);
    return holding == null ? 0 : holding.free();
  }

  /** The lowest channel that nobody has. */
  int nextChannel() {
    return taken.nextClearBit(0);
  }

  void open(int channel, long service) {
    taken.set(channel);
    channels.put(channel, service);
  }

  void close(int channel) {
    taken.clear(channel);
    channels.remove(channel);
  }
}
