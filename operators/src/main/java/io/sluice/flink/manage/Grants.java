package io.sluice.flink.manage;

import io.sluice.error.ErrorCode;
import io.sluice.schemas.ManagerRequest;
import io.sluice.xrm.alloc.Allocation;
import io.sluice.xrm.alloc.Allocator;
import io.sluice.xrm.alloc.LeaseId;
import io.sluice.xrm.alloc.Reason;
import io.sluice.xrm.alloc.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who holds what and who waits: tickets are granted, wait, move and end. What is taken away from a
 * client that goes on is granted elsewhere within the same call, or waits again.
 */
final class Grants {
  private static final Set<Reason> WORTH_WAITING =
      Set.of(
          Reason.BUSY,
          Reason.NO_CHANNEL,
          Reason.EXCLUSIVE,
          Reason.NOT_TOGETHER,
          Reason.DISABLED,
          Reason.NOT_LOADED);

  private final Allocator allocator;
  private final Clients clients;
  private final Tenants tenants;
  private final WaitingLine line;
  private final Replies replies;
  private final Outbox outbox;
  private final Map<Long, Ticket> byService = new TreeMap<>();
  private final List<Ticket> displaced = new ArrayList<>();
  private boolean mayServe;
  private long nowNs;

  /** Grants of clients that may hold something already. */
  Grants(
      Allocator allocator,
      Clients clients,
      Map<String, Integer> shares,
      long nowNs,
      Replies replies,
      Outbox outbox) {
    this.allocator = allocator;
    this.clients = clients;
    this.tenants = new Tenants(shares, nowNs);
    this.line = new WaitingLine(tenants);
    this.replies = replies;
    this.outbox = outbox;
    this.nowNs = nowNs;
    for (Clients.Entry client : clients.all()) {
      for (Ticket ticket : client.tickets.values()) {
        if (ticket.isWaiting()) {
          line.add(ticket);
        } else {
          byService.put(ticket.service, ticket);
          tenants.uses(ticket.tenant(), held(ticket).load());
        }
      }
    }
  }

  int held() {
    return byService.size();
  }

  int waiting() {
    return line.size();
  }

  /** Who holds what, by service. */
  Map<Long, Ticket> byService() {
    return byService;
  }

  /** When something ends by itself next; {@link Ticket#FOR_EVER} if nothing does. */
  long nextNs() {
    long endNs = allocator.nextExpiryNs().orElse(Ticket.FOR_EVER);
    endNs = Math.min(endNs, line.nextDeadlineNs().orElse(Ticket.FOR_EVER));
    return Math.min(endNs, clients.nextSilenceNs());
  }

  /**
   * Time passes: terms end, clients that are silent lose what they wait for, what came free is
   * granted, and who has waited too long gives up.
   */
  void proceedTo(long atNs) {
    nowNs = atNs;
    tenants.proceedTo(atNs);
    for (Allocation over : allocator.expire(atNs)) {
      Ticket ticket = ended(over);
      client(ticket).tickets.remove(ticket.asked.getRequestId());
      outbox.say(replies.revoked(ticket, Reason.TIMEOUT, "it was not renewed in its term"));
    }
    serve();
    for (Ticket ticket : line.overdue(atNs)) {
      Reply<Allocation> last = tryOnce(ticket);
      if (last.isOk()) {
        granted(ticket);
      } else {
        giveUp(ticket, last.error().orElseThrow(), last.detail());
      }
    }
  }

  /** A ticket that is new is granted, waits or has failed. */
  void ask(Ticket ticket) {
    Clients.Entry client = client(ticket);
    client.tickets.put(ticket.asked.getRequestId(), ticket);
    Reply<Allocation> reply = tryOnce(ticket);
    if (reply.isOk()) {
      outbox.say(replies.granted(ticket, reply.value(), Replies.OK, false, ""));
    } else if (ticket.deadlineNs() > nowNs && WORTH_WAITING.contains(reply.reason())) {
      await(ticket);
      outbox.say(replies.waiting(ticket, false, reply.detail()));
    } else {
      client.tickets.remove(ticket.asked.getRequestId());
      outbox.finish(replies.failed(ticket.asked, reply));
    }
  }

  /** Says again how it stands with a ticket. */
  void repeat(Ticket ticket) {
    outbox.say(
        ticket.isWaiting()
            ? replies.waiting(ticket, false, "waits already")
            : replies.granted(ticket, held(ticket), Replies.OK, false, "granted already"));
  }

  /** A client gives something back. */
  void release(ManagerRequest request) {
    long client = clients.find(request.getClient()).map(c -> c.id).orElse(0L);
    long epoch = request.getEpoch() == 0 ? allocator.epoch() : request.getEpoch();
    Reply<Allocation> released =
        allocator.release(nowNs, new LeaseId(client, request.getService(), epoch));
    if (!released.isOk()) {
      outbox.finish(replies.failed(request, released));
      return;
    }
    Ticket ticket = ended(released.value());
    Clients.Entry holder = client(ticket);
    holder.tickets.remove(ticket.asked.getRequestId());
    holder.remember(replies.revoked(ticket, Reason.NONE, "it was released"));
    outbox.finish(replies.ok(request));
    serve();
  }

  /**
   * The terms of all that a client holds begin anew, but for what others should have.
   *
   * @return the services that it holds
   */
  List<Long> renew(Clients.Entry client) {
    for (Ticket ticket : List.copyOf(client.tickets.values())) {
      if (!ticket.isWaiting()) {
        Allocation held = held(ticket);
        if (ticket.termNs != Ticket.FOR_EVER && line.isWantedMore(ticket, held.load())) {
          takeBack(held, "others have less");
          serve();
        } else {
          allocator.renew(nowNs, held.id()).value();
        }
      }
    }
    return client.tickets.values().stream()
        .filter(ticket -> !ticket.isWaiting())
        .map(ticket -> ticket.service)
        .toList();
  }

  /** Takes away what a client holds, which ends its work there in peace; {@link #displace}. */
  void takeBack(Allocation held, String why) {
    displace(allocator.release(nowNs, held.id()).value(), false, why);
  }

  /** What was taken away from a client that goes on waits again, until something is served. */
  void displace(Allocation ended, boolean workLost, String why) {
    Ticket ticket = ended(ended);
    ticket.move(workLost, why);
    await(ticket);
    displaced.add(ticket);
  }

  private void await(Ticket ticket) {
    line.add(ticket);
    clients.waits(ticket);
  }

  /** A client goes with all that it holds and waits for. */
  void drop(Clients.Entry client, String why) {
    for (Ticket ticket : List.copyOf(client.tickets.values())) {
      if (ticket.isWaiting()) {
        giveUp(ticket, ErrorCode.XRM_ERROR_CONNECT_FAIL, why);
      } else {
        ended(held(ticket));
        outbox.say(replies.revoked(ticket, Reason.UNKNOWN, why));
      }
    }
    allocator.disconnect(nowNs, client.id).value();
    clients.remove(client);
  }

  /** Tells who has something how it stands with it now. */
  void tell(Allocation held, boolean workLost, String why) {
    tell(byService.get(held.id().service()), workLost, why);
  }

  void tell(Ticket ticket, boolean workLost, String why) {
    outbox.say(
        ticket.isWaiting()
            ? replies.waiting(ticket, workLost, why)
            : replies.granted(ticket, held(ticket), Replies.CHANGED, workLost, why));
  }

  /** Serves after a change of the cards. */
  void serveAnew() {
    mayServe = true;
    serve();
  }

  /** Grants what is free to those that wait and are still there, one after the other. */
  void serve() {
    endSilence();
    while (mayServe) {
      Optional<Ticket> next = line.first(ticket -> tryOnce(ticket).isOk());
      next.ifPresent(this::granted);
      mayServe = next.isPresent();
    }
    for (Ticket ticket : displaced) {
      if (ticket.isWaiting()) {
        outbox.say(replies.waiting(ticket, ticket.takeWorkLost(), ticket.why()));
      }
    }
    displaced.clear();
  }

  private void endSilence() {
    String why = "the client was not heard of for a term";
    Clients.Silence silence = clients.silence(nowNs);
    silence.waits().forEach(ticket -> giveUp(ticket, ErrorCode.XRM_ERROR_CONNECT_FAIL, why));
    silence.gone().forEach(client -> drop(client, why));
  }

  private Reply<Allocation> tryOnce(Ticket ticket) {
    Reply<Allocation> reply =
        allocator.allocate(nowNs, client(ticket).id, ticket.request, ticket.termNs);
    if (reply.isOk()) {
      ticket.service = reply.value().id().service();
      byService.put(ticket.service, ticket);
      tenants.uses(ticket.tenant(), reply.value().load());
    }
    return reply;
  }

  private void granted(Ticket ticket) {
    line.remove(ticket);
    String status = ticket.isMoving() ? Replies.CHANGED : Replies.OK;
    outbox.say(replies.granted(ticket, held(ticket), status, ticket.takeWorkLost(), ticket.why()));
  }

  /** The allocator has taken something back. */
  private Ticket ended(Allocation allocation) {
    Ticket ticket = byService.remove(allocation.id().service());
    ticket.service = 0;
    tenants.uses(ticket.tenant(), -allocation.load());
    mayServe = true;
    return ticket;
  }

  private void giveUp(Ticket ticket, ErrorCode error, String detail) {
    line.remove(ticket);
    displaced.remove(ticket);
    client(ticket).tickets.remove(ticket.asked.getRequestId());
    outbox.finish(
        ticket.isMoving()
            ? replies.revoked(ticket, Reason.TIMEOUT, detail)
            : replies.failed(ticket.asked, error, Reason.TIMEOUT, detail));
  }

  private Allocation held(Ticket ticket) {
    return allocator.service(ticket.service).value();
  }

  private Clients.Entry client(Ticket ticket) {
    return clients.find(ticket.asked.getClient()).orElseThrow();
  }
}
