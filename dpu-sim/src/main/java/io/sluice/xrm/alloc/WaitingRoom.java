package io.sluice.xrm.alloc;

import io.sluice.error.ErrorCode;
import io.sluice.xrm.alloc.WaitingRoomState.TenantEntry;
import io.sluice.xrm.alloc.WaitingRoomState.TicketEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
 * #serve} afterwards. It serves the tenant that has used least for its weight; use is load times
 * time, and what is held now counts for {@link FairShares#aheadNs} more. Within a tenant the
 * highest priority goes first, then who came first; what does not fit is overtaken, by those of its
 * own tenant only if they want something else. A tenant that wanted nothing for a while does not
 * save up what it did not use. This is start-time fair queueing (Goyal, Vin and Cheng, 1996) with
 * use that is measured as it happens, since nobody knows beforehand how long a lease will be held.
 *
 * <p>A wish that comes to its turn and does not fit is overtaken for {@link FairShares#patienceNs};
 * then nothing is granted that it could use, until it fits.
 */
public final class WaitingRoom {
  /** So many can wait. */
  public static final int MAX_WAITING = 1_000_000;

  private static final Comparator<Waiting> BY_DEADLINE =
      Comparator.comparingLong(Waiting::deadlineNs).thenComparingLong(Waiting::ticket);

  private final Allocator allocator;
  private final FairShares shares;
  private final NavigableMap<String, Backlog> tenants = new TreeMap<>();
  private final NavigableMap<Long, Waiting> tickets = new TreeMap<>();
  private final NavigableSet<Waiting> byDeadline = new TreeSet<>(BY_DEADLINE);
  private long lastTicket;
  private double virtualTime;

  /** Nobody waits. */
  public WaitingRoom(Allocator allocator, FairShares shares) {
    this.allocator = allocator;
    this.shares = shares;
  }

  /** A waiting room that goes on where another one was, with the allocator that goes on. */
  public static WaitingRoom restore(
      WaitingRoomState state, Allocator allocator, FairShares shares) {
    WaitingRoom room = new WaitingRoom(allocator, shares);
    room.lastTicket = state.lastTicket();
    room.virtualTime = state.virtualTime();
    for (TenantEntry entry : state.tenants()) {
      room.backlog(entry.tenant()).forgone = entry.forgone();
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
        virtualTime,
        tenants.entrySet().stream()
            .map(entry -> new TenantEntry(entry.getKey(), entry.getValue().forgone))
            .toList(),
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
    Backlog backlog = backlog(tenant);
    if (backlog.isEmpty()) {
      double missing = virtualTime * shares.weight(tenant) - use(tenant, backlog, atNs);
      backlog.forgone += Math.max(0, missing);
    }
    add(new Waiting(++lastTicket, wish, tenant, atNs, Waiting.NEVER));
    return Reply.of(lastTicket);
  }

  private Backlog backlog(String tenant) {
    return tenants.computeIfAbsent(tenant, name -> new Backlog());
  }

  private void add(Waiting waiting) {
    tickets.put(waiting.ticket, waiting);
    byDeadline.add(waiting);
    backlog(waiting.tenant).add(waiting);
  }

  private void remove(Waiting waiting) {
    tickets.remove(waiting.ticket);
    byDeadline.remove(waiting);
    backlog(waiting.tenant).remove(waiting);
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
    Map<String, Set<Request>> blocked = new HashMap<>();
    Optional<Waiting> keptFor = Optional.empty();
    boolean overtakes = false;
    for (Optional<Waiting> turn = next(blocked, atNs);
        turn.isPresent();
        turn = next(blocked, atNs)) {
      Waiting waiting = turn.get();
      boolean mayTake =
          keptFor.isEmpty()
              || !Overlap.between(keptFor.get().wish.request(), waiting.wish.request());
      Optional<Reply<Allocation>> reply = mayTake ? attempt(waiting, atNs) : Optional.empty();
      if (reply.isPresent()) {
        remove(waiting);
        outcomes.add(new Outcome(waiting.ticket, reply.get()));
        continue;
      }
      blocked.computeIfAbsent(waiting.tenant, t -> new HashSet<>()).add(waiting.wish.request());
      if (!overtakes) {
        overtakes = true;
        if (waiting.passedSinceNs == Waiting.NEVER) {
          waiting.passedSinceNs = atNs;
        }
        if (atNs - waiting.passedSinceNs >= shares.patienceNs()) {
          keptFor = turn;
        }
      }
    }
    endOverdue(atNs, outcomes);
    return outcomes;
  }

  /** The next of the tenant that has used least for its weight; of equals the first by name. */
  private Optional<Waiting> next(Map<String, Set<Request>> blocked, long atNs) {
    Optional<Waiting> next = Optional.empty();
    double least = 0;
    for (Map.Entry<String, Backlog> entry : tenants.entrySet()) {
      Backlog backlog = entry.getValue();
      if (!backlog.isEmpty()) {
        double use = use(entry.getKey(), backlog, atNs) / shares.weight(entry.getKey());
        if (next.isEmpty() || use < least) {
          Optional<Waiting> first = backlog.next(blocked.getOrDefault(entry.getKey(), Set.of()));
          if (first.isPresent()) {
            next = first;
            least = use;
          }
        }
      }
    }
    return next;
  }

  private double use(String tenant, Backlog backlog, long atNs) {
    Account account = allocator.account(tenant);
    return account.used(atNs) + (double) account.held() * shares.aheadNs() + backlog.forgone;
  }

  /** Granted, or refused for good; empty if it has to wait. */
  private Optional<Reply<Allocation>> attempt(Waiting waiting, long atNs) {
    Wish wish = waiting.wish;
    Optional<Reply<Void>> wrong = allocator.check(wish.client(), wish.request());
    if (wrong.isPresent()) {
      return Optional.of(wrong.get().refusal());
    }
    double before =
        use(waiting.tenant, backlog(waiting.tenant), atNs) / shares.weight(waiting.tenant);
    Optional<Allocation> granted = allocator.place(wish.client(), wish.request(), wish.termNs());
    if (granted.isPresent()) {
      virtualTime = Math.max(virtualTime, before);
      return granted.map(Reply::of);
    }
    if (waiting.tried) {
      return Optional.empty();
    }
    waiting.tried = true;
    Reply<Allocation> why = allocator.explain(wish.client(), wish.request());
    boolean isHopeless =
        why.reason() == Reason.NO_SUCH_KERNEL || why.reason() == Reason.WRONG_FINGERPRINT;
    return isHopeless ? Optional.of(why) : Optional.empty();
  }

  private void endOverdue(long atNs, List<Outcome> outcomes) {
    while (!byDeadline.isEmpty() && byDeadline.first().deadlineNs <= atNs) {
      Waiting late = byDeadline.first();
      if (late.deadlineNs == Allocation.UNTIL_RELEASED) {
        return;
      }
      remove(late);
      Reply<Allocation> why =
          allocator
              .check(late.wish.client(), late.wish.request())
              .map(wrong -> wrong.<Allocation>refusal())
              .orElseGet(() -> allocator.explain(late.wish.client(), late.wish.request()));
      outcomes.add(
          new Outcome(
              late.ticket,
              Reply.refuse(
                  why.error().orElseThrow(),
                  Reason.TIMEOUT,
                  "after "
                      + (atNs - late.sinceNs)
                      + " ns, "
                      + why.reason()
                      + ": "
                      + why.detail())));
    }
  }
}
