package io.sluice.flink.manage;

import io.sluice.schemas.ManagerReply;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Who holds something or waits. */
final class Clients {
  /** So many answers of a client are remembered, for requests that come again. */
  static final int REMEMBERED = 256;

  /** A client from its first request for units until it has gone. */
  static final class Entry {
    final String name;

    /** The allocator's number of it. */
    final long id;

    long heardNs;

    /** What it holds or waits for, by request. */
    final Map<String, Ticket> tickets = new LinkedHashMap<>();

    /** What it was answered to requests that are done, by request, the latest last. */
    final Map<String, ManagerReply> done = new LinkedHashMap<>();

    Entry(String name, long id, long heardNs) {
      this.name = name;
      this.id = id;
      this.heardNs = heardNs;
    }

    void remember(ManagerReply reply) {
      done.put(reply.getRequestId(), reply);
      if (done.size() > REMEMBERED) {
        done.remove(done.keySet().iterator().next());
      }
    }

    /** Whether it holds something until it gives it back, so that it may be silent. */
    boolean maySleep() {
      return tickets.values().stream().anyMatch(t -> t.termNs == Ticket.FOR_EVER && !t.isWaiting());
    }
  }

  private final Map<String, Entry> byName = new TreeMap<>();

  Optional<Entry> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  void add(Entry entry) {
    byName.put(entry.name, entry);
  }

  void remove(Entry entry) {
    byName.remove(entry.name);
  }

  Collection<Entry> all() {
    return byName.values();
  }
}
