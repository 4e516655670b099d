package io.sluice.flink.manage;

import io.sluice.xrm.alloc.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The requests that wait. Of equal requests of a tenant the oldest stands for all, so that finding
 * who can be served takes as long as there are tenants and kinds of requests, not requests. A
 * request for many units may be overtaken by smaller ones for as long as these come.
 */
final class WaitingLine {
  private static final Comparator<Ticket> BY_NUMBER =
      Comparator.comparingLong(ticket -> ticket.number);

  private final Map<String, Map<Request, NavigableSet<Ticket>>> byTenant = new TreeMap<>();
  private final NavigableSet<Ticket> byDeadline =
      new TreeSet<>(Comparator.comparingLong(Ticket::deadlineNs).thenComparing(BY_NUMBER));
  private final Tenants tenants;

  WaitingLine(Tenants tenants) {
    this.tenants = tenants;
  }

  int size() {
    return byDeadline.size();
  }

  void add(Ticket ticket) {
    byTenant
        .computeIfAbsent(ticket.tenant(), t -> new LinkedHashMap<>())
        .computeIfAbsent(ticket.request, r -> new TreeSet<>(BY_NUMBER))
        .add(ticket);
    byDeadline.add(ticket);
    tenants.waits(ticket.tenant(), 1);
  }

  void remove(Ticket ticket) {
    Map<Request, NavigableSet<Ticket>> kinds = byTenant.get(ticket.tenant());
    NavigableSet<Ticket> kind = kinds.get(ticket.request);
    kind.remove(ticket);
    if (kind.isEmpty()) {
      kinds.remove(ticket.request);
    }
    if (kinds.isEmpty()) {
      byTenant.remove(ticket.tenant());
    }
    byDeadline.remove(ticket);
    tenants.waits(ticket.tenant(), -1);
  }

  /** The first that can be served, in the order of the tenants. */
  Optional<Ticket> first(Predicate<Ticket> canBeServed) {
    List<String> order = new ArrayList<>(byTenant.keySet());
    order.sort(tenants.order());
    for (String tenant : order) {
      Optional<Ticket> found =
          byTenant.get(tenant).values().stream()
              .map(NavigableSet::first)
              .sorted(BY_NUMBER)
              .filter(canBeServed)
              .findFirst();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Whether a tenant has more than its share of what somebody waits for. */
  boolean isWantedMore(Ticket held, long millionths) {
    return byTenant.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(held.tenant()))
        .filter(entry -> entry.getValue().containsKey(held.request))
        .anyMatch(entry -> tenants.shouldYield(held.tenant(), entry.getKey(), millionths));
  }

  /** Those that have waited for as long as they were ready to. */
  List<Ticket> overdue(long nowNs) {
    List<Ticket> overdue = new ArrayList<>();
    for (Ticket ticket : byDeadline) {
      if (ticket.deadlineNs() > nowNs) {
        break;
      }
      overdue.add(ticket);
    }
    return overdue;
  }

  OptionalLong nextDeadlineNs() {
    return byDeadline.isEmpty() || byDeadline.first().deadlineNs() == Ticket.FOR_EVER
        ? OptionalLong.empty()
        : OptionalLong.of(byDeadline.first().deadlineNs());
  }
}
