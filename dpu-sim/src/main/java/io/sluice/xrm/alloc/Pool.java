package io.sluice.xrm.alloc;

import java.util.NavigableMap;
import java.util.TreeMap;

/** A reservation: its units, in their order; how much it has of each stands with the unit. */
final class Pool {
  final long id;
  final long owner;
  final NavigableMap<Long, Unit> units = new TreeMap<>();

  Pool(long id, long owner) {
    this.id = id;
    this.owner = owner;
  }
}
