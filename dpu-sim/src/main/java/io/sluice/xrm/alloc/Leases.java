package io.sluice.xrm.alloc;

import io.sluice.error.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Services from their grant to their end: by release, by the end of their term, or by force. */
final class Leases {
  private static final Comparator<Allocation> BY_END =
      Comparator.comparingLong(Allocation::expiresAtNs)
          .thenComparingLong(allocation -> allocation.id().service());

  private final Books books;
  private final NavigableSet<Allocation> byEnd = new TreeSet<>(BY_END);

  Leases(Books books) {
    this.books = books;
    books.services.values().forEach(this::schedule);
  }

  /** The channels are open. */
  void add(Allocation allocation) {
    books.services.put(allocation.id().service(), allocation);
    books.clients.get(allocation.id().client()).services.add(allocation.id().service());
    schedule(allocation);
  }

  private void schedule(Allocation allocation) {
    if (allocation.expiresAtNs() != Allocation.UNTIL_RELEASED) {
      byEnd.add(allocation);
    }
  }

  /** What is wrong with a lease; empty if it is good. */
  Optional<Reply<Allocation>> wrong(LeaseId lease) {
    Allocation allocation = books.services.get(lease.service());
    Reason reason = Reason.NONE;
    if (allocation == null) {
      reason = Reason.UNKNOWN;
    } else if (allocation.id().client() != lease.client()) {
      reason = Reason.NOT_HOLDER;
    } else if (allocation.id().epoch() != lease.epoch()) {
      reason = Reason.STALE_EPOCH;
    }
    return reason == Reason.NONE
        ? Optional.empty()
        : Optional.of(Reply.refuse(ErrorCode.XRM_ERROR_INVALID, reason, lease.toString()));
  }

  Reply<Allocation> renew(long nowNs, LeaseId lease) {
    Optional<Reply<Allocation>> wrong = wrong(lease);
    if (wrong.isPresent()) {
      return wrong.get();
    }
    Allocation before = books.services.get(lease.service());
    byEnd.remove(before);
    Allocation renewed =
        new Allocation(
            before.id(),
            before.grantedAtNs(),
            before.termNs(),
            Allocation.end(nowNs, before.termNs()),
            before.channels());
    add(renewed);
    return Reply.of(renewed);
  }

  Reply<Allocation> release(LeaseId lease) {
    Optional<Reply<Allocation>> wrong = wrong(lease);
    return wrong.isPresent() ? wrong.get() : Reply.of(end(lease.service()));
  }

  /** Ends those whose term is over, the earliest end first. */
  List<Allocation> expire(long nowNs) {
    List<Allocation> ended = new ArrayList<>();
    while (!byEnd.isEmpty() && byEnd.first().expiresAtNs() <= nowNs) {
      ended.add(end(byEnd.first().id().service()));
    }
    return ended;
  }

  Allocation end(long service) {
    Allocation allocation = books.services.remove(service);
    byEnd.remove(allocation);
    long client = allocation.id().client();
    books.clients.get(client).services.remove(service);
    for (Channel channel : allocation.channels()) {
      Unit unit = books.devices.get(channel.device()).units.get(channel.unit());
      books.close(unit, client, channel.channel(), channel.load(), channel.poolId());
    }
    return allocation;
  }

  /** When the next term is over. */
  OptionalLong nextEndNs() {
    return byEnd.isEmpty() ? OptionalLong.empty() : OptionalLong.of(byEnd.first().expiresAtNs());
  }
}
