package io.sluice.xrm.alloc;

import java.util.NavigableSet;
import java.util.TreeSet;

/** A client and what it holds. Changed by {@link Books} and {@link Pools} only. */
final class Client {
  final long id;
  final String name;
  final String tenant;
  final NavigableSet<Long> services = new TreeSet<>();
  final NavigableSet<Long> pools = new TreeSet<>();

  Client(long id, String name, String tenant) {
    this.id = id;
    this.name = name;
    this.tenant = tenant;
  }
}
