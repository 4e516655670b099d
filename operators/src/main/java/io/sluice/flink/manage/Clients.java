package io.sluice.flink.manage;

import io.sluice.schemas.ManagerReply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Who holds something or waits, and when each was last heard of. */
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
  private final long termNs;

  /** Nobody has been silent for a term before. */
  private long nextSilenceNs = Long.MAX_VALUE;

  /**
   * @param termNs for how long a client may be silent
   */
  Clients(long termNs) {
    this.termNs = termNs;
  }

  Optional<Entry> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  void add(Entry entry) {
    byName.put(entry.name, entry);
    nextSilenceNs = Math.min(nextSilenceNs, entry.heardNs + termNs);
  }

  /** A client is heard of. */
  void hear(String name, long atNs) {
    find(name).ifPresent(client -> client.heardNs = Math.max(client.heardNs, atNs));
  }

  /** When {@link #silent} has to be asked, if nothing else happens. */
  long nextSilenceNs() {
    return nextSilenceNs;
  }

  /** Those that were not heard of for a term although they should. */
  List<Entry> silent(long nowNs) {
    if (nowNs < nextSilenceNs) {
      return List.of();
    }
    List<Entry> silent = new ArrayList<>();
    nextSilenceNs = Long.MAX_VALUE;
    for (Entry client : byName.values()) {
      long silentNs = client.heardNs + termNs;
      if (silentNs <= nowNs && !client.maySleep()) {
        silent.add(client);
      } else {
        nextSilenceNs = Math.min(nextSilenceNs, silentNs > nowNs ? silentNs : nowNs + termNs);
      }
    }
    return silent;
  }

  void remove(Entry entry) {
    byName.remove(entry.name);
  }

  Collection<Entry> all() {
    return byName.values();
  }
}
