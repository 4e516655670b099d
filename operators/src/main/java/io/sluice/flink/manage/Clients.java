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

    /** The allocator's numbers of it, by the tenants for which it works. */
    final Map<String, Long> ids = new TreeMap<>();

    long heardNs;

    /** What it holds or waits for, by request. */
    final Map<String, Ticket> tickets = new LinkedHashMap<>();

    /** What it was answered to requests that are done, by request, the latest last. */
    final Map<String, ManagerReply> done = new LinkedHashMap<>();

    Entry(String name, long heardNs) {
      this.name = name;
      this.heardNs = heardNs;
    }

    void remember(ManagerReply reply) {
      done.put(reply.getRequestId(), reply);
      if (done.size() > REMEMBERED) {
        done.remove(done.keySet().iterator().next());
      }
    }

    /** Whether it has something until it gives it back, so that it may be silent. */
    boolean maySleep() {
      return tickets.values().stream().anyMatch(Ticket::outlivesSilence);
    }
  }

  /** What ends because clients were not heard of: some that they wait for, or all. */
  record Silence(List<Ticket> waits, List<Entry> gone) {}

  private final Map<String, Entry> byName = new TreeMap<>();
  private final long termNs;

  /** Nothing ends by silence before. */
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

  Entry add(Entry entry) {
    byName.put(entry.name, entry);
    nextSilenceNs = Math.min(nextSilenceNs, entry.heardNs + termNs);
    return entry;
  }

  /** A client is heard of. */
  void hear(String name, long atNs) {
    find(name).ifPresent(client -> client.heardNs = Math.max(client.heardNs, atNs));
  }

  /** A ticket begins to wait. */
  void waits(Ticket ticket) {
    Entry client = find(ticket.asked.getClient()).orElseThrow();
    nextSilenceNs = Math.min(nextSilenceNs, endOfWaitNs(client, ticket));
  }

  /** A request waits for no longer than its client is heard of within the term of the request. */
  private long endOfWaitNs(Entry client, Ticket ticket) {
    return client.heardNs + Math.min(ticket.termNs, termNs);
  }

  /** When {@link #silence} has to be asked, if nothing else happens. */
  long nextSilenceNs() {
    return nextSilenceNs;
  }

  /** What ends because a client was not heard of for a term although it should. */
  Silence silence(long nowNs) {
    Silence silence = new Silence(new ArrayList<>(), new ArrayList<>());
    if (nowNs < nextSilenceNs) {
      return silence;
    }
    nextSilenceNs = Long.MAX_VALUE;
    for (Entry client : byName.values()) {
      for (Ticket ticket : client.tickets.values()) {
        if (ticket.isWaiting() && !ticket.outlivesSilence()) {
          note(nowNs, endOfWaitNs(client, ticket), () -> silence.waits.add(ticket));
        }
      }
      long goneNs = client.heardNs + termNs;
      if (goneNs <= nowNs && client.maySleep()) {
        goneNs = nowNs + termNs;
      }
      note(nowNs, goneNs, () -> silence.gone.add(client));
    }
    return silence;
  }

  private void note(long nowNs, long endNs, Runnable ends) {
    if (endNs <= nowNs) {
      ends.run();
    } else {
      nextSilenceNs = Math.min(nextSilenceNs, endNs);
    }
  }

  void remove(Entry entry) {
    byName.remove(entry.name);
  }

  Collection<Entry> all() {
    return byName.values();
  }
}
