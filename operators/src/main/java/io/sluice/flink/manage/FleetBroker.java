package io.sluice.flink.manage;

import io.sluice.fleet.FaultEvent;
import io.sluice.fleet.Fleet;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import io.sluice.xrm.alloc.Allocator;
import io.sluice.xrm.alloc.Reason;
import io.sluice.xrm.alloc.Reply;
import io.sluice.xrm.alloc.Request;
import io.sluice.xrm.alloc.WaitingRoom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The resource manager of a fleet that clients share. A client that asks for units holds what it is
 * granted, or waits, until it gives it back, goes, or is not heard of for a term; each request of
 * it renews all. A request waits only while its client is heard of within the request's own term.
 * When a card goes offline or is drained, what was granted there is granted elsewhere, or waits.
 * Tenants get units by {@link Tenants}: when one that holds more than its share renews and another
 * one waits for the same, the grant goes to the other one.
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

  private static final int MAX_NAME = 255;
  private static final long NS_PER_MS = 1_000_000;

  private final BrokerSettings settings;
  private final Allocator allocator;
  private final WaitingRoom room;
  private final Cards cards;
  private final Clients clients;
  private final Replies replies;
  private final Outbox outbox;
  private final Grants grants;
  private final CardEvents events;
  private long nowNs;

  /** A manager at the start of a fleet. */
  public FleetBroker(Fleet fleet, BrokerSettings settings) {
    this(fleet, settings, new Allocator());
  }

  /**
   * A manager at the start of a fleet that may have had another one.
   *
   * @param firstEpoch later than every epoch of the other one, or clients take its replies for
   *     stale
   */
  public FleetBroker(Fleet fleet, BrokerSettings settings, long firstEpoch) {
    this(fleet, settings, Allocator.since(firstEpoch));
  }

  private FleetBroker(Fleet fleet, BrokerSettings settings, Allocator allocator) {
    this(
        settings,
        allocator,
        new WaitingRoom(allocator, settings.fairShares()),
        Cards.atStart(fleet, allocator),
        new Clients(settings.termNs()),
        0);
  }

  private FleetBroker(
      BrokerSettings settings,
      Allocator allocator,
      WaitingRoom room,
      Cards cards,
      Clients clients,
      long nowNs) {
    this.settings = settings;
    this.allocator = allocator;
    this.room = room;
    this.cards = cards;
    this.clients = clients;
    this.nowNs = nowNs;
    this.replies = new Replies(cards, allocator.epoch());
    this.outbox = new Outbox(replies, clients);
    this.grants = new Grants(allocator, room, clients, nowNs, replies, outbox);
    this.events = new CardEvents(cards, grants, replies, outbox);
  }

  /**
   * A manager that goes on where another one was, in a new epoch; the terms begin anew.
   *
   * @param saved what {@link #state} gave
   * @throws io.sluice.error.SluiceException SLUICE_FLEET_INVALID if it is of other cards,
   *     SLUICE_RECORD_CORRUPT if it is no state of this version
   */
  public static FleetBroker restore(Fleet fleet, BrokerSettings settings, byte[] saved, long atNs) {
    BrokerState state = BrokerState.decode(saved);
    long nowNs = Math.max(atNs, state.nowNs());
    Allocator allocator =
        Allocator.restore(state.allocator(), state.allocator().epoch() + 1, nowNs);
    Clients clients = new Clients(settings.termNs());
    state.addClients(clients, nowNs);
    return new FleetBroker(
        settings,
        allocator,
        WaitingRoom.restore(state.room(), allocator, settings.fairShares()),
        Cards.restored(fleet, allocator, state.cardStates()),
        clients,
        nowNs);
  }

  /** All that this manager remembers. */
  public byte[] state() {
    return BrokerState.of(nowNs, allocator, room, cards, clients).encode();
  }

  /** Tells every client, in the new epoch of a restored manager, what it holds or waits for. */
  public List<ManagerReply> regrant() {
    String why = "granted again in epoch " + allocator.epoch();
    for (Clients.Entry client : clients.all()) {
      client.tickets.values().forEach(ticket -> grants.tell(ticket, false, why));
    }
    return outbox.take();
  }

  /** How many grants there are. */
  public int held() {
    return grants.held();
  }

  /** How many requests wait. */
  public int waiting() {
    return grants.waiting();
  }

  /** When something ends by itself next. */
  public OptionalLong nextNs() {
    long next = grants.nextNs();
    return next == Ticket.FOR_EVER ? OptionalLong.empty() : OptionalLong.of(next);
  }

  /** Time passes: what is over ends, and what came free is granted. */
  public List<ManagerReply> proceedTo(long atNs) {
    advance(atNs);
    return outbox.take();
  }

  /**
   * Something happens to a card.
   *
   * @throws io.sluice.error.SluiceException SLUICE_FLEET_INVALID if it cannot happen to it
   */
  public List<ManagerReply> befall(long atNs, FaultEvent event) {
    advance(atNs);
    events.befall(nowNs, event);
    return outbox.take();
  }

  /**
   * A client asks.
   *
   * @param request with an id and a client
   */
  public List<ManagerReply> ask(long atNs, ManagerRequest request) {
    clients.hear(request.getClient(), atNs);
    advance(atNs);
    if (isMalformed(request)) {
      outbox.refuse(
          request, Reason.MALFORMED, "requestId, client or tenant is missing or too long");
    } else if (!repeats(request)) {
      answer(request);
    }
    return outbox.take();
  }

  /** What ends meanwhile ends at its own time, in its order, however late this is called. */
  private void advance(long atNs) {
    long untilNs = Math.max(nowNs, atNs);
    while (grants.nextNs() < untilNs) {
      nowNs = Math.max(nowNs, grants.nextNs());
      grants.proceedTo(nowNs);
    }
    nowNs = untilNs;
    grants.proceedTo(nowNs);
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
      grants.repeat(ticket);
    } else if (done != null) {
      outbox.say(replies.again(request, done));
    }
    return ticket != null || done != null;
  }

  private void answer(ManagerRequest request) {
    switch (request.getName()) {
      case ALLOC, ALLOC_LIST -> allocate(request);
      case RELEASE -> grants.release(request);
      case RENEW -> renew(request);
      case GONE -> {
        clients.find(request.getClient()).ifPresent(c -> grants.drop(c, "the client went"));
        grants.serve();
        outbox.say(replies.ok(request));
      }
      case LIST -> list(request);
      case STATUS -> status(request);
      case DRAIN -> events.maintain(nowNs, request, FaultEvent.Kind.DRAINED);
      case ENABLE -> events.maintain(nowNs, request, FaultEvent.Kind.ONLINE);
      default -> outbox.refuse(request, Reason.UNKNOWN, "unsupported command " + request.getName());
    }
  }

  private void allocate(ManagerRequest request) {
    Optional<Request> wish = Wishes.of(request);
    if (wish.isEmpty() || request.getTermMillis() < -1 || request.getTimeoutMillis() < -1) {
      outbox.refuse(request, Reason.MALFORMED, "one unit for cuAlloc; no time below -1");
      return;
    }
    if (!enter(request)) {
      return;
    }
    long termNs = ns(request.getTermMillis(), settings.termNs());
    grants.ask(new Ticket(request, wish.get(), termNs), ns(request.getTimeoutMillis(), 0));
  }

  /** Whether the client is known to work for its tenant, or could be entered; else it is told. */
  private boolean enter(ManagerRequest request) {
    Optional<Clients.Entry> known = clients.find(request.getClient());
    if (known.isPresent() && known.get().ids.containsKey(request.getTenant())) {
      return true;
    }
    Reply<Long> id = allocator.connect(request.getClient(), request.getTenant());
    if (!id.isOk()) {
      outbox.say(replies.failed(request, id));
      return false;
    }
    known
        .orElseGet(() -> clients.add(new Clients.Entry(request.getClient(), nowNs)))
        .ids
        .put(request.getTenant(), id.value());
    return true;
  }

  private static long ns(long millis, long instead) {
    if (millis == 0) {
      return instead;
    }
    return millis < 0 || millis > Ticket.FOR_EVER / NS_PER_MS
        ? Ticket.FOR_EVER
        : millis * NS_PER_MS;
  }

  private void renew(ManagerRequest request) {
    List<Long> services = clients.find(request.getClient()).map(grants::renew).orElse(List.of());
    outbox.say(replies.services(request, services));
  }

  private void list(ManagerRequest request) {
    List<Integer> devices = request.getDevices();
    Optional<String> unknown = cards.unknown(devices);
    if (unknown.isPresent()) {
      outbox.refuse(request, Reason.UNKNOWN, unknown.get());
    } else {
      outbox.say(replies.data(request, XrmJson.list(allocator, cards, devices)));
    }
  }

  private void status(ManagerRequest request) {
    String status =
        XrmJson.status(allocator, grants.byService(), grants.waiting(), request.getService());
    outbox.say(replies.data(request, status));
  }
}
