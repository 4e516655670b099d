package io.sluice.xrm.alloc;

import io.sluice.error.ErrorCode;
import io.sluice.xrm.alloc.WaitingRoomState.TenantEntry;
import io.sluice.xrm.alloc.WaitingRoomState.TicketEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where requests wait for what an {@link Allocator} cannot give at once, instead of asking again
 * and again as XRM's blocking calls do.
 *
 * <p>Whoever changes the allocator (grants, releases, expires, loads, disconnects) calls {@link
 * #serve} afterwards. It serves the tenant that has used least for its weight, see {@link
 * Standing}. Within a tenant the highest priority goes first, then who came first; what does not
 * fit is overtaken, by those of its own tenant only if they want something else.
 *
 * <p>A wish that comes to its turn and does not fit is overtaken for {@link FairShares#patienceNs};
 * then nothing is granted that it could use, until it fits, so it is not overtaken for ever. One
 * that would not fit if nobody held anything has nothing kept for it.
 *
 * <p>Of equal wishes of a tenant one stands for all, and what was refused is tried again only after
 * something came free: serving takes as long as there are tenants and kinds of requests, however
 * many wait.
 */
public final class WaitingRoom {
  /** So many can wait. */
  public static final int MAX_WAITING = 1_000_000;

  private static final Comparator<Waiting> BY_DEADLINE =
      Comparator.comparingLong(Waiting::deadlineNs).thenComparingLong(Waiting::ticket);
  private static final Set<Reason> HOPELESS =
      Set.of(Reason.NO_SUCH_KERNEL, Reason.WRONG_FINGERPRINT, Reason.WRONG_SHELL);

  private final Allocator allocator;
  private final FairShares shares;
  private final Standing tenants;
  private final NavigableMap<Long, Waiting> tickets = new TreeMap<>();
  private final NavigableSet<Waiting> byDeadline = new TreeSet<>(BY_DEADLINE);
  private long lastTicket;

  /** Those for which something is kept, as of the last time of serving. */
  private List<Waiting> keepers = List.of();

  /** Nobody waits. */
  public WaitingRoom(Allocator allocator, FairShares shares) {
    this.allocator = allocator;
    this.shares = shares;
    this.tenants = new Standing(allocator, shares);
  }

  /** A waiting room that goes on where another one was, with the allocator that goes on. */
  public static WaitingRoom restore(
      WaitingRoomState state, Allocator allocator, FairShares shares) {
    WaitingRoom room = new WaitingRoom(allocator, shares);
    room.lastTicket = state.lastTicket();
    for (TenantEntry entry : state.tenants()) {
      room.tenants.backlog(entry.tenant()).forgone = entry.forgone();
    }
    for (TicketEntry entry : state.tickets()) {
      String tenant = allocator.tenant(entry.wish().client()).orElse("");
      room.add(
          new Waiting(
              entry.ticket(), entry.wish(), tenant, entry.sinceNs(), entry.passedSinceNs()));
    }
    return room;
  }

  /** All that this room remembers. */
  public WaitingRoomState state() {
    return new WaitingRoomState(
        lastTicket,
        tenants.all().stream().map(b -> new TenantEntry(b.tenant, b.forgone)).toList(),
        tickets.values().stream()
            .map(w -> new TicketEntry(w.ticket, w.wish, w.sinceNs, w.passedSinceNs))
            .toList());
  }

  /**
   * A wish gets a ticket, from 1 on; {@link #serve} says what becomes of it. Refused at once if it
   * can never be granted whatever the fleet looks like, or if too many wait.
   */
  public Reply<Long> submit(long atNs, Wish wish) {
    Optional<Reply<Void>> wrong = allocator.check(wish.client(), wish.request());
    if (wrong.isPresent()) {
      return wrong.get().refusal();
    }
    if (tickets.size() == MAX_WAITING) {
      return Reply.refuse(ErrorCode.XRM_ERROR, Reason.LIMIT, MAX_WAITING + " wishes wait");
    }
    String tenant = allocator.tenant(wish.client()).orElseThrow();
    Backlog backlog = tenants.backlog(tenant);
    if (backlog.isEmpty()) {
      tenants.begins(backlog, wish.request(), atNs);
    }
    add(new Waiting(++lastTicket, wish, tenant, atNs, Waiting.NEVER));
    return Reply.of(lastTicket);
  }

  private void add(Waiting waiting) {
    tickets.put(waiting.ticket, waiting);
    byDeadline.add(waiting);
    tenants.backlog(waiting.tenant).add(waiting);
  }

  private void remove(Waiting waiting) {
    tickets.remove(waiting.ticket);
    byDeadline.remove(waiting);
    tenants.backlog(waiting.tenant).remove(waiting);
  }

  /** A ticket is given back; false if it waits no more. */
  public boolean cancel(long ticket) {
    Waiting waiting = tickets.get(ticket);
    if (waiting != null) {
      remove(waiting);
    }
    return waiting != null;
  }

  public int waiting() {
    return tickets.size();
  }

  /** When {@link #serve} or {@link Allocator#expire} has to be called, if nothing else happens. */
  public OptionalLong nextEventNs() {
    OptionalLong expiry = allocator.nextExpiryNs();
    if (byDeadline.isEmpty() || byDeadline.first().deadlineNs == Allocation.UNTIL_RELEASED) {
      return expiry;
    }
    long timeout = byDeadline.first().deadlineNs;
    return OptionalLong.of(Math.min(timeout, expiry.orElse(timeout)));
  }

  /** Grants what can be had, and ends what waited too long, in this order. */
  public List<Outcome> serve(long atNs) {
    allocator.proceedTo(atNs);
    List<Outcome> outcomes = new ArrayList<>();
    for (Optional<Outcome> next = serveOne(atNs); next.isPresent(); next = serveOne(atNs)) {
      outcomes.add(next.get());
    }
    endOverdue(atNs, outcomes);
    return outcomes;
  }

  /** The next that leaves the room, in turn; empty if all have to wait. */
  private Optional<Outcome> serveOne(long atNs) {
    List<Waiting> passed = new ArrayList<>();
    keepers = new ArrayList<>();
    for (Backlog backlog : tenants.inTurn(atNs)) {
      for (Lane lane : backlog.lanes()) {
        Waiting first = lane.first();
        if (keeper(first).isEmpty()) {
          Optional<Reply<Allocation>> reply = attempt(lane);
          if (reply.isPresent()) {
            remove(first);
            return reply.map(r -> new Outcome(first.ticket, r));
          }
        }
        if (passed.stream().noneMatch(first::competesWith)) {
          passed.add(first);
          if (isPatienceOver(first, atNs)) {
            keepers.add(first);
          }
        }
      }
    }
    return Optional.empty();
  }

  /** The one for which what this one wants is kept. */
  private Optional<Waiting> keeper(Waiting waiting) {
    return keepers.stream().filter(k -> k != waiting && k.competesWith(waiting)).findFirst();
  }

  /** It is the turn of one that does not fit: whether others have overtaken it for long enough. */
  private boolean isPatienceOver(Waiting waiting, long atNs) {
    if (waiting.passedSinceNs == Waiting.NEVER) {
      waiting.passedSinceNs = atNs;
    }
    if (atNs - waiting.passedSinceNs < shares.patienceNs()) {
      return false;
    }
    if (waiting.decidedFor != allocator.fleetVersion()) {
      waiting.decidedFor = allocator.fleetVersion();
      waiting.fitsAlone = allocator.wouldFitAlone(waiting.wish.client(), waiting.wish.request());
    }
    return waiting.fitsAlone;
  }

  /** The first of a lane is granted, or refused for good; empty if it has to wait. */
  private Optional<Reply<Allocation>> attempt(Lane lane) {
    if (!lane.isWorthTrying(allocator.freed())) {
      return Optional.empty();
    }
    Wish wish = lane.first().wish;
    Optional<Reply<Void>> wrong = allocator.check(wish.client(), wish.request());
    if (wrong.isPresent()) {
      return Optional.of(wrong.get().refusal());
    }
    Optional<Allocation> granted = allocator.place(wish.client(), wish.request(), wish.termNs());
    if (granted.isPresent()) {
      return granted.map(Reply::of);
    }
    lane.refused(allocator.freed());
    if (lane.mayBeHopeless()) {
      Reply<Allocation> why = allocator.explain(wish.client(), wish.request());
      return HOPELESS.contains(why.reason()) ? Optional.of(why) : Optional.empty();
    }
    return Optional.empty();
  }

  private void endOverdue(long atNs, List<Outcome> outcomes) {
    while (!byDeadline.isEmpty() && byDeadline.first().deadlineNs <= atNs) {
      Waiting late = byDeadline.first();
      if (late.deadlineNs == Allocation.UNTIL_RELEASED) {
        return;
      }
      Reply<Allocation> why = why(late);
      remove(late);
      boolean waited = late.wish.timeoutNs() > 0;
      outcomes.add(new Outcome(late.ticket, waited ? timeout(late, atNs, why) : why));
    }
  }

  private static Reply<Allocation> timeout(Waiting late, long atNs, Reply<Allocation> why) {
    return Reply.refuse(
        why.error().orElseThrow(),
        Reason.TIMEOUT,
        "after " + (atNs - late.sinceNs) + " ns, " + why.reason() + ": " + why.detail());
  }

  private Reply<Allocation> why(Waiting waiting) {
    Wish wish = waiting.wish;
    Optional<Reply<Void>> wrong = allocator.check(wish.client(), wish.request());
    if (wrong.isPresent()) {
      return wrong.get().refusal();
    }
    return keeper(waiting)
        .map(
            keeper ->
                Reply.<Allocation>refuse(
                    ErrorCode.XRM_ERROR_NO_KERNEL,
                    Reason.BUSY,
                    "what comes free is kept for ticket " + keeper.ticket))
        .orElseGet(() -> allocator.explain(wish.client(), wish.request()));
  }

  /**
   * Why a ticket waits, as of the last time of serving.
   *
   * @throws IllegalArgumentException if it does not
   */
  public String why(long ticket) {
    Waiting waiting = tickets.get(ticket);
    if (waiting == null) {
      throw new IllegalArgumentException("ticket " + ticket + " does not wait");
    }
    return why(waiting).detail();
  }

  /**
   * Whether a holder, rather than renew, should give back what it got for a request: another tenant
   * waits for the same, or something is kept for it that this is a part of, and would have no more
   * for its weight with it than the holder would have without.
   *
   * @param load of what is held, in millionths
   */
  public boolean shouldYield(long atNs, long client, Request request, long load) {
    String tenant = allocator.tenant(client).orElseThrow();
    Backlog holder = tenants.backlog(tenant);
    return tenants.all().stream()
        .filter(other -> other != holder)
        .flatMap(
            other ->
                other.lanes().stream()
                    .map(lane -> wanted(lane.first(), request, load, atNs))
                    .filter(OptionalLong::isPresent)
                    .map(wanted -> tenants.hasMore(holder, load, other, wanted.getAsLong(), atNs)))
        .anyMatch(more -> more);
  }

  /** The load of a wish that what was granted to another request would serve. */
  private OptionalLong wanted(Waiting waiting, Request granted, long load, long atNs) {
    Request request = waiting.wish.request();
    if (request.equals(granted)) {
      return OptionalLong.of(load);
    }
    boolean isKept =
        waiting.passedSinceNs != Waiting.NEVER
            && isPatienceOver(waiting, atNs)
            && Overlap.between(request, granted);
    return isKept ? OptionalLong.of(Overlap.load(request).orElse(load)) : OptionalLong.empty();
  }
}
