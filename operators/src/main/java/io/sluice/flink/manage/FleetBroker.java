package io.sluice.flink.manage;

import io.sluice.error.ErrorCode;
import io.sluice.fleet.FaultEvent;
import io.sluice.fleet.Fleet;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import io.sluice.xrm.alloc.Allocation;
import io.sluice.xrm.alloc.Allocator;
import io.sluice.xrm.alloc.LeaseId;
import io.sluice.xrm.alloc.Reason;
import io.sluice.xrm.alloc.Reply;
import io.sluice.xrm.alloc.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * The resource manager of a fleet that clients share. A client that asks for units holds what it is
 * granted, or waits, until it gives it back, goes, or is not heard of for a term; each request of
 * it renews all. When a card goes offline or is drained, what was granted there is granted
 * elsewhere, or waits. Tenants get units by {@link Tenants}: when one that holds more than its
 * share renews and another one waits for the same, the grant goes to the other one.
 *
 * <p>A request is known by its client and its id. Until what it was granted has ended, and among
 * the last {@value Clients#REMEMBERED} of its client that are done, a request that comes again is
 * answered again and not done again; after its grant has ended by itself it asks anew.
 *
 * <p>Deterministic, not thread safe; time comes with every call.
 */
public final class FleetBroker {
  public static final String ALLOC = "cuAlloc";
  public static final String ALLOC_LIST = "cuListAlloc";
  public static final String RELEASE = "cuRelease";
  public static final String RENEW = "renew";
  public static final String GONE = "destroyContext";
  public static final String LIST = "list";
  public static final String STATUS = "status";
  public static final String DRAIN = "drainDevices";
  public static final String ENABLE = "enableDevices";

  private static final Set<Reason> WORTH_WAITING =
      Set.of(
          Reason.BUSY,
          Reason.NO_CHANNEL,
          Reason.EXCLUSIVE,
          Reason.NOT_TOGETHER,
          Reason.DISABLED,
          Reason.NOT_LOADED);
  private static final int MAX_NAME = 255;
  private static final long NS_PER_MS = 1_000_000;

  private final BrokerSettings settings;
  private final Allocator allocator;
  private final Cards cards;
  private final Tenants tenants;
  private final WaitingLine line;
  private final Clients clients = new Clients();
  private final Map<Long, Ticket> byService = new TreeMap<>();
  private final Replies replies;
  private final List<Ticket> displaced = new ArrayList<>();
  private List<ManagerReply> said = new ArrayList<>();
  private boolean mayServe;
  private long nextNumber;
  private long nowNs;

  /** Nobody has been silent for too long before. */
  private long nextSilenceNs;

  /** A manager at the start of a fleet. */
  public FleetBroker(Fleet fleet, BrokerSettings settings) {
    this.settings = settings;
    this.allocator = new Allocator();
    this.cards = Cards.atStart(fleet, allocator);
    this.tenants = new Tenants(settings.shares(), 0);
    this.line = new WaitingLine(tenants);
    this.replies = new Replies(cards, allocator.epoch());
  }

  private FleetBroker(Fleet fleet, BrokerSettings settings, BrokerState state, long atNs) {
    this.settings = settings;
    this.nowNs = Math.max(atNs, state.nowNs());
    this.allocator = Allocator.restore(state.allocator(), state.allocator().epoch() + 1, nowNs);
    this.cards = Cards.restored(fleet, allocator, state.cardStates());
    this.tenants = new Tenants(settings.shares(), nowNs);
    this.line = new WaitingLine(tenants);
    this.replies = new Replies(cards, allocator.epoch());
    this.nextNumber = state.nextNumber();
    state.addClients(clients, nowNs);
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

  /**
   * A manager that goes on where another one was, in a new epoch; the terms begin anew.
   *
   * @param state what {@link #state} gave
   * @throws io.sluice.error.SluiceException SLUICE_FLEET_INVALID if it is of other cards
   */
  public static FleetBroker restore(Fleet fleet, BrokerSettings settings, byte[] state, long atNs) {
    return new FleetBroker(fleet, settings, BrokerState.decode(state), atNs);
  }

  /** All that this manager remembers. */
  public byte[] state() {
    return BrokerState.of(nowNs, nextNumber, allocator, cards, clients).encode();
  }

  /** Tells every client, in the new epoch of a restored manager, what it holds or waits for. */
  public List<ManagerReply> regrant() {
    String why = "granted again in epoch " + allocator.epoch();
    for (Clients.Entry client : clients.all()) {
      client.tickets.values().forEach(ticket -> tell(ticket, false, why));
    }
    return flush();
  }

  /** How many grants there are. */
  public int held() {
    return byService.size();
  }

  /** How many requests wait. */
  public int waiting() {
    return line.size();
  }

  /** When something ends by itself next. */
  public OptionalLong nextNs() {
    long next = allocator.nextExpiryNs().orElse(Long.MAX_VALUE);
    next = Math.min(next, line.nextDeadlineNs().orElse(Long.MAX_VALUE));
    next = Math.min(next, nextSilenceNs);
    return next == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(next);
  }

  /** Time passes: what is over ends, and what came free is granted. */
  public List<ManagerReply> proceedTo(long atNs) {
    advance(atNs);
    return flush();
  }

  /**
   * Something happens to a card.
   *
   * @throws io.sluice.error.SluiceException SLUICE_FLEET_INVALID if it cannot happen to it
   */
  public List<ManagerReply> befall(long atNs, FaultEvent event) {
    advance(atNs);
    suffer(event);
    return flush();
  }

  /**
   * A client asks.
   *
   * @param request with an id and a client
   */
  public List<ManagerReply> ask(long atNs, ManagerRequest request) {
    Optional<Clients.Entry> known = clients.find(request.getClient());
    known.ifPresent(client -> client.heardNs = Math.max(client.heardNs, atNs));
    advance(atNs);
    if (isMalformed(request)) {
      refuse(request, Reason.MALFORMED, "requestId, client or tenant is missing or too long");
    } else if (!repeats(request)) {
      answer(request);
    }
    return flush();
  }

  private static boolean isMalformed(ManagerRequest request) {
    return request.getRequestId().isEmpty()
        || request.getClient().isEmpty()
        || request.getRequestId().length() > MAX_NAME
        || request.getClient().length() > MAX_NAME
        || request.getTenant().length() > MAX_NAME;
  }

  /** Answers again what was asked before. */
  private boolean repeats(ManagerRequest request) {
    Optional<Clients.Entry> client = clients.find(request.getClient());
    Ticket ticket = client.map(c -> c.tickets.get(request.getRequestId())).orElse(null);
    ManagerReply done = client.map(c -> c.done.get(request.getRequestId())).orElse(null);
    if (ticket != null) {
      said.add(
          ticket.isWaiting()
              ? replies.waiting(ticket, false, "waits already")
              : replies.granted(ticket, held(ticket), Replies.OK, false, "granted already"));
    } else if (done != null) {
      said.add(replies.again(request, done));
    }
    return ticket != null || done != null;
  }

  private void answer(ManagerRequest request) {
    switch (request.getName()) {
      case ALLOC, ALLOC_LIST -> allocate(request);
      case RELEASE -> release(request);
      case RENEW -> renew(request);
      case GONE -> {
        clients.find(request.getClient()).ifPresent(c -> drop(c, "the client went"));
        serve();
        said.add(replies.ok(request));
      }
      case LIST -> list(request);
      case STATUS -> status(request);
      case DRAIN -> maintain(request, FaultEvent.Kind.DRAINED);
      case ENABLE -> maintain(request, FaultEvent.Kind.ONLINE);
      default -> refuse(request, Reason.UNKNOWN, "unsupported command " + request.getName());
    }
  }

  private void refuse(ManagerRequest request, Reason reason, String detail) {
    finish(replies.failed(request, ErrorCode.XRM_ERROR_INVALID, reason, detail));
  }

  private void finish(ManagerReply reply) {
    clients.find(reply.getClient()).ifPresent(client -> client.remember(reply));
    said.add(reply);
  }

  private void allocate(ManagerRequest request) {
    Optional<Request> wish = Wishes.of(request);
    long termNs = ns(request.getTermMillis(), settings.termNs());
    if (wish.isEmpty() || request.getTermMillis() < -1 || request.getTimeoutMillis() < -1) {
      refuse(request, Reason.MALFORMED, "one unit for cuAlloc; no time below -1");
      return;
    }
    Clients.Entry client = clients.find(request.getClient()).orElse(null);
    if (client == null) {
      Reply<Long> id = allocator.connect(request.getClient(), request.getTenant());
      if (!id.isOk()) {
        said.add(replies.failed(request, id));
        return;
      }
      client = new Clients.Entry(request.getClient(), id.value(), nowNs);
      clients.add(client);
      nextSilenceNs = Math.min(nextSilenceNs, nowNs + settings.termNs());
    }
    long waitNs = ns(request.getTimeoutMillis(), 0);
    long deadlineNs = waitNs > Ticket.FOR_EVER - nowNs ? Ticket.FOR_EVER : nowNs + waitNs;
    Ticket ticket = new Ticket(request, wish.get(), nextNumber++, termNs, deadlineNs);
    client.tickets.put(request.getRequestId(), ticket);
    Reply<Allocation> reply = tryOnce(ticket);
    if (reply.isOk()) {
      said.add(replies.granted(ticket, reply.value(), Replies.OK, false, ""));
    } else if (waitNs > 0 && WORTH_WAITING.contains(reply.reason())) {
      line.add(ticket);
      said.add(replies.waiting(ticket, false, reply.detail()));
    } else {
      client.tickets.remove(request.getRequestId());
      finish(replies.failed(request, reply));
    }
  }

  private static long ns(long millis, long instead) {
    if (millis == 0) {
      return instead;
    }
    return millis < 0 || millis > Ticket.FOR_EVER / NS_PER_MS
        ? Ticket.FOR_EVER
        : millis * NS_PER_MS;
  }

  private void hold(Ticket ticket, Allocation granted) {
    ticket.service = granted.id().service();
    byService.put(ticket.service, ticket);
    tenants.uses(ticket.tenant(), granted.load());
  }

  private Allocation held(Ticket ticket) {
    return allocator.service(ticket.service).value();
  }

  private Clients.Entry client(Ticket ticket) {
    return clients.find(ticket.asked.getClient()).orElseThrow();
  }

  private void release(ManagerRequest request) {
    long client = clients.find(request.getClient()).map(c -> c.id).orElse(0L);
    long epoch = request.getEpoch() == 0 ? allocator.epoch() : request.getEpoch();
    Reply<Allocation> released =
        allocator.release(nowNs, new LeaseId(client, request.getService(), epoch));
    if (!released.isOk()) {
      finish(replies.failed(request, released));
      return;
    }
    Ticket ticket = ended(released.value());
    Clients.Entry holder = client(ticket);
    holder.tickets.remove(ticket.asked.getRequestId());
    holder.remember(replies.revoked(ticket, Reason.NONE, "it was released"));
    finish(replies.ok(request));
    serve();
  }

  /** The allocator has taken something back. */
  private Ticket ended(Allocation allocation) {
    Ticket ticket = byService.remove(allocation.id().service());
    ticket.service = 0;
    tenants.uses(ticket.tenant(), -allocation.load());
    mayServe = true;
    return ticket;
  }

  private void renew(ManagerRequest request) {
    Optional<Clients.Entry> client = clients.find(request.getClient());
    List<Long> services = new ArrayList<>();
    if (client.isPresent()) {
      for (Ticket ticket : List.copyOf(client.get().tickets.values())) {
        if (!ticket.isWaiting()) {
          Allocation held = held(ticket);
          if (ticket.termNs != Ticket.FOR_EVER && line.isWantedMore(ticket, held.load())) {
            putBack(allocator.release(nowNs, held.id()).value(), false, "others have less");
            serve();
          } else {
            allocator.renew(nowNs, held.id()).value();
          }
        }
      }
      client.get().tickets.values().stream()
          .filter(t -> !t.isWaiting())
          .forEach(t -> services.add(t.service));
    }
    said.add(replies.services(request, services));
  }

  /** What was taken away from a client that goes on waits again. */
  private void putBack(Allocation allocation, boolean workLost, String why) {
    Ticket ticket = ended(allocation);
    ticket.move(workLost, why);
    line.add(ticket);
    displaced.add(ticket);
  }

  private void suffer(FaultEvent event) {
    boolean offline = event.kind() == FaultEvent.Kind.OFFLINE;
    boolean draining = event.kind() == FaultEvent.Kind.DRAINED;
    String why = "card " + event.card() + ": " + event.kind();
    for (Allocation allocation : cards.befall(nowNs, event)) {
      putBack(
          draining ? allocator.release(nowNs, allocation.id()).value() : allocation, offline, why);
    }
    if (event.kind() == FaultEvent.Kind.SLOW || event.kind() == FaultEvent.Kind.RESET) {
      cards
          .on(cards.device(event.card()))
          .forEach(
              held ->
                  tell(
                      byService.get(held.id().service()),
                      event.kind() == FaultEvent.Kind.RESET,
                      why));
    }
    mayServe = true;
    serve();
  }

  private void maintain(ManagerRequest request, FaultEvent.Kind kind) {
    for (int device : request.getDevices()) {
      if (!cards.has(device)) {
        refuse(request, Reason.UNKNOWN, "there is no device " + device);
        return;
      }
      if (!cards.state(device).allows(kind)) {
        refuse(request, Reason.DISABLED, cards.card(device).id() + " is " + cards.state(device));
        return;
      }
      suffer(new FaultEvent(nowNs, cards.card(device).id(), kind, 1));
    }
    said.add(replies.ok(request));
  }

  private void list(ManagerRequest request) {
    List<Integer> devices = request.getDevices();
    for (int device : devices) {
      if (!cards.has(device)) {
        refuse(request, Reason.UNKNOWN, "there is no device " + device);
        return;
      }
    }
    said.add(replies.data(request, XrmJson.list(allocator, cards, devices)));
  }

  private void status(ManagerRequest request) {
    said.add(
        replies.data(
            request, XrmJson.status(allocator, byService, line.size(), request.getService())));
  }

  private void tell(Ticket ticket, boolean workLost, String why) {
    said.add(
        ticket.isWaiting()
            ? replies.waiting(ticket, workLost, why)
            : replies.granted(ticket, held(ticket), Replies.CHANGED, workLost, why));
  }

  private void advance(long atNs) {
    nowNs = Math.max(nowNs, atNs);
    tenants.proceedTo(nowNs);
    for (Allocation over : allocator.expire(nowNs)) {
      Ticket ticket = ended(over);
      client(ticket).tickets.remove(ticket.asked.getRequestId());
      said.add(replies.revoked(ticket, Reason.TIMEOUT, "it was not renewed in its term"));
    }
    serve();
    for (Ticket ticket : line.overdue(nowNs)) {
      Reply<Allocation> last = tryOnce(ticket);
      if (last.isOk()) {
        granted(ticket);
      } else {
        giveUp(ticket, last.error().orElseThrow(), last.detail());
      }
    }
    if (nowNs >= nextSilenceNs) {
      dropSilent();
    }
  }

  private void dropSilent() {
    nextSilenceNs = Long.MAX_VALUE;
    for (Clients.Entry client : List.copyOf(clients.all())) {
      long silentNs = client.heardNs + settings.termNs();
      if (silentNs > nowNs) {
        nextSilenceNs = Math.min(nextSilenceNs, silentNs);
      } else if (client.maySleep()) {
        nextSilenceNs = Math.min(nextSilenceNs, nowNs + settings.termNs());
      } else {
        drop(client, "the client was not heard of for a term");
      }
    }
    serve();
  }

  private void giveUp(Ticket ticket, ErrorCode error, String detail) {
    line.remove(ticket);
    client(ticket).tickets.remove(ticket.asked.getRequestId());
    finish(
        ticket.isMoving()
            ? replies.revoked(ticket, Reason.TIMEOUT, detail)
            : replies.failed(ticket.asked, error, Reason.TIMEOUT, detail));
  }

  private void drop(Clients.Entry client, String why) {
    for (Ticket ticket : List.copyOf(client.tickets.values())) {
      if (ticket.isWaiting()) {
        giveUp(ticket, ErrorCode.XRM_ERROR_CONNECT_FAIL, why);
      } else {
        ended(held(ticket));
        said.add(replies.revoked(ticket, Reason.UNKNOWN, why));
      }
    }
    allocator.disconnect(nowNs, client.id).value();
    clients.remove(client);
  }

  /** Grants what is free to those that wait, one after the other. */
  private void serve() {
    while (mayServe) {
      Optional<Ticket> next = line.first(ticket -> tryOnce(ticket).isOk());
      next.ifPresent(this::granted);
      mayServe = next.isPresent();
    }
    for (Ticket ticket : displaced) {
      if (ticket.isWaiting()) {
        said.add(replies.waiting(ticket, ticket.takeWorkLost(), ticket.why()));
      }
    }
    displaced.clear();
  }

  private Reply<Allocation> tryOnce(Ticket ticket) {
    Reply<Allocation> reply =
        allocator.allocate(nowNs, client(ticket).id, ticket.request, ticket.termNs);
    if (reply.isOk()) {
      hold(ticket, reply.value());
    }
    return reply;
  }

  private void granted(Ticket ticket) {
    line.remove(ticket);
    String status = ticket.isMoving() ? Replies.CHANGED : Replies.OK;
    said.add(replies.granted(ticket, held(ticket), status, ticket.takeWorkLost(), ticket.why()));
  }

  private List<ManagerReply> flush() {
    List<ManagerReply> all = said;
    said = new ArrayList<>();
    return all;
  }
}
