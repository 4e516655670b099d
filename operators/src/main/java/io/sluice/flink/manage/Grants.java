package io.sluice.flink.manage;

import io.sluice.error.ErrorCode;
import io.sluice.schemas.ManagerRequest;
import io.sluice.xrm.alloc.Allocation;
import io.sluice.xrm.alloc.Allocator;
import io.sluice.xrm.alloc.LeaseId;
import io.sluice.xrm.alloc.Outcome;
import io.sluice.xrm.alloc.Reason;
import io.sluice.xrm.alloc.Reply;
import io.sluice.xrm.alloc.WaitingRoom;
import io.sluice.xrm.alloc.Wish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who holds what and who waits: tickets are granted, wait, move and end. What is taken away from a
 * client that goes on is granted elsewhere within the same call, or waits again, before what its
 * tenant asks for anew.
 */
final class Grants {
  private static final int NEW = 0;
  private static final int MOVING = 1;

  private final Allocator allocator;
  private final WaitingRoom room;
  private final Clients clients;
  private final Replies replies;
  private final Outbox outbox;
  private final Map<Long, Ticket> byService = new TreeMap<>();
  private final Map<Long, Ticket> byPlace = new HashMap<>();
  private final List<Ticket> displaced = new ArrayList<>();
  private long nowNs;

  /** Grants of clients that may hold something, or wait, already. */
  Grants(
      Allocator allocator,
      WaitingRoom room,
      Clients clients,
      long nowNs,
      Replies replies,
      Outbox outbox) {
    this.allocator = allocator;
    this.room = room;
    this.clients = clients;
    this.replies = replies;
    this.outbox = outbox;
    this.nowNs = nowNs;
    for (Clients.Entry client : clients.all()) {
      for (Ticket ticket : client.tickets.values()) {
        if (ticket.isWaiting()) {
          byPlace.put(ticket.place, ticket);
          clients.waits(ticket);
        } else {
          byService.put(ticket.service, ticket);
        }
      }
    }
  }

  int held() {
    return byService.size();
  }

  int waiting() {
    return room.waiting();
  }

  /** Who holds what, by service. */
  Map<Long, Ticket> byService() {
    return byService;
  }

  /** When something ends by itself next; {@link Ticket#FOR_EVER} if nothing does. */
  long nextNs() {
    return Math.min(room.nextEventNs().orElse(Ticket.FOR_EVER), clients.nextSilenceNs());
  }

  /**
   * Time passes: terms end, clients that are silent lose what they wait for, what came free is
   * granted, and who has waited too long gives up.
   */
  void proceedTo(long atNs) {
    nowNs = atNs;
    for (Allocation over : allocator.expire(atNs)) {
      Ticket ticket = ended(over);
      client(ticket).tickets.remove(ticket.asked.getRequestId());
      outbox.say(replies.revoked(ticket, Reason.TIMEOUT, "it was not renewed in its term"));
    }
    serve();
  }

  /**
   * A ticket that is new is granted, waits or has failed.
   *
   * @param waitNs how long it may wait
   */
  void ask(Ticket ticket, long waitNs) {
    client(ticket).tickets.put(ticket.asked.getRequestId(), ticket);
    if (await(ticket, NEW, waitNs)) {
      serve();
      if (ticket.place != 0) {
        outbox.say(replies.waiting(ticket, false, room.why(ticket.place)));
      }
    }
  }

  /** Whether a ticket got a place; else its client is told. */
  private boolean await(Ticket ticket, int priority, long waitNs) {
    long client = client(ticket).ids.get(ticket.tenant());
    Reply<Long> place =
        room.submit(nowNs, new Wish(client, ticket.request, priority, ticket.termNs, waitNs));
    if (!place.isOk()) {
      fail(ticket, place);
      return false;
    }
    ticket.place = place.value();
    byPlace.put(ticket.place, ticket);
    clients.waits(ticket);
    return true;
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
    long epoch = request.getEpoch() == 0 ? allocator.epoch() : request.getEpoch();
    long holder =
        Optional.ofNullable(byService.get(request.getService()))
            .filter(ticket -> ticket.asked.getClient().equals(request.getClient()))
            .map(ticket -> held(ticket).id().client())
            .orElse(0L);
    Reply<Allocation> released =
        allocator.release(nowNs, new LeaseId(holder, request.getService(), epoch));
    if (!released.isOk()) {
      outbox.finish(replies.failed(request, released));
      return;
    }
    Ticket ticket = ended(released.value());
    client(ticket).tickets.remove(ticket.asked.getRequestId());
    client(ticket).remember(replies.revoked(ticket, Reason.NONE, "it was released"));
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
        if (ticket.termNs != Ticket.FOR_EVER && shouldYield(ticket, held)) {
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

  private boolean shouldYield(Ticket ticket, Allocation held) {
    return room.shouldYield(nowNs, held.id().client(), ticket.request, held.load());
  }

  /** Takes away what a client holds, which ends its work there in peace; {@link #displace}. */
  void takeBack(Allocation held, String why) {
    displace(allocator.release(nowNs, held.id()).value(), false, why);
  }

  /** What was taken away from a client that goes on waits again, until something is served. */
  void displace(Allocation ended, boolean workLost, String why) {
    Ticket ticket = ended(ended);
    ticket.move(workLost, why);
    displaced.add(ticket);
  }

  /** A client goes with all that it holds and waits for. */
  void drop(Clients.Entry client, String why) {
    for (Ticket ticket : List.copyOf(client.tickets.values())) {
      if (ticket.isWaiting()) {
        giveUp(ticket, why);
      } else {
        ended(held(ticket));
        outbox.say(replies.revoked(ticket, Reason.UNKNOWN, why));
      }
    }
    client.ids.values().forEach(id -> allocator.disconnect(nowNs, id).value());
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

  /**
   * Ends what silent clients wait for, then grants what is free to those that wait. What was taken
   * back because others should have it is theirs first.
   */
  void serve() {
    endSilence();
    serveRoom();
    if (displaced.isEmpty()) {
      return;
    }
    List<Ticket> moving = List.copyOf(displaced);
    displaced.clear();
    moving.forEach(ticket -> await(ticket, MOVING, Ticket.FOR_EVER));
    endSilence();
    serveRoom();
    for (Ticket ticket : moving) {
      if (ticket.place != 0) {
        outbox.say(replies.waiting(ticket, ticket.takeWorkLost(), ticket.why()));
      }
    }
  }

  private void serveRoom() {
    for (Outcome outcome : room.serve(nowNs)) {
      Ticket ticket = byPlace.remove(outcome.ticket());
      ticket.place = 0;
      if (outcome.reply().isOk()) {
        granted(ticket, outcome.reply().value());
      } else {
        fail(ticket, outcome.reply());
      }
    }
  }

  private void endSilence() {
    String why = "the client was not heard of for a term";
    Clients.Silence silence = clients.silence(nowNs);
    silence.waits().forEach(ticket -> giveUp(ticket, why));
    silence.gone().forEach(client -> drop(client, why));
  }

  private void granted(Ticket ticket, Allocation allocation) {
    ticket.service = allocation.id().service();
    byService.put(ticket.service, ticket);
    String status = ticket.isMoving() ? Replies.CHANGED : Replies.OK;
    outbox.say(replies.granted(ticket, allocation, status, ticket.takeWorkLost(), ticket.why()));
  }

  /** The allocator has taken something back. */
  private Ticket ended(Allocation allocation) {
    Ticket ticket = byService.remove(allocation.id().service());
    ticket.service = 0;
    return ticket;
  }

  private void giveUp(Ticket ticket, String why) {
    room.cancel(ticket.place);
    byPlace.remove(ticket.place);
    ticket.place = 0;
    displaced.remove(ticket);
    fail(ticket, ErrorCode.XRM_ERROR_CONNECT_FAIL, Reason.TIMEOUT, why);
  }

  private void fail(Ticket ticket, Reply<?> why) {
    fail(ticket, why.error().orElseThrow(), why.reason(), why.detail());
  }

  /** A ticket holds nothing and waits no more. */
  private void fail(Ticket ticket, ErrorCode error, Reason reason, String detail) {
    client(ticket).tickets.remove(ticket.asked.getRequestId());
    outbox.finish(
        ticket.isMoving()
            ? replies.revoked(ticket, reason, detail)
            : replies.failed(ticket.asked, error, reason, detail));
  }

  private Allocation held(Ticket ticket) {
    return allocator.service(ticket.service).value();
  }

  private Clients.Entry client(Ticket ticket) {
    return clients.find(ticket.asked.getClient()).orElseThrow();
  }
}
