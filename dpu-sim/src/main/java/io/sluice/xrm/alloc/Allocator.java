package io.sluice.xrm.alloc;

import io.sluice.error.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * XRM's resource manager as a state machine: devices with images, units shared by load, lists,
 * groups, reservations, leases. See the package description for a tour.
 *
 * <p>Time comes in as an argument and never goes back. Deterministic, not thread safe. What is
 * refused leaves everything as it was.
 */
public final class Allocator {
  /** Instead of a device: any that will do. */
  public static final int ANY_DEVICE = -1;

  /** XRM's default number of clients at a time. */
  public static final int DEFAULT_CLIENT_LIMIT = 40_000;

  public static final int MAX_CLIENT_LIMIT = 1_000_000;
  public static final int MAX_DEVICES = 1 << 20;

  private static final long FIRST_EPOCH = 1;

  private final Books books;
  private final RequestCheck check;
  private final Leases leases;
  private final Pools pools;
  private final DeviceControl control;
  private final Granter granter;

  /** An allocator in its first epoch, without devices. */
  public Allocator() {
    this(DEFAULT_CLIENT_LIMIT);
  }

  /**
   * @param clientLimit how many clients there may be at a time, 1 to {@value #MAX_CLIENT_LIMIT}
   */
  public Allocator(int clientLimit) {
    this(new Books(clientLimit, FIRST_EPOCH, 0, 0, 0, 0));
    if (clientLimit < 1 || clientLimit > MAX_CLIENT_LIMIT) {
      throw new IllegalArgumentException("client limit " + clientLimit);
    }
  }

  /** An allocator without devices whose first epoch is given, 1 or more. */
  public static Allocator since(long firstEpoch) {
    if (firstEpoch < FIRST_EPOCH) {
      throw new IllegalArgumentException("epoch " + firstEpoch);
    }
    return new Allocator(new Books(DEFAULT_CLIENT_LIMIT, firstEpoch, 0, 0, 0, 0));
  }

  private Allocator(Books books) {
    this.books = books;
    Finder finder = new Finder(books);
    ListPlacer placer = new ListPlacer(finder);
    check = new RequestCheck(books);
    leases = new Leases(books);
    pools = new Pools(books, placer);
    control = new DeviceControl(books, leases, pools);
    granter = new Granter(books, finder, placer, control);
  }

  /** Adds an enabled device without an image; its id, from 0 on in the order of the calls. */
  public int addDevice(DeviceSpec spec) {
    if (books.devices.size() == MAX_DEVICES) {
      throw new IllegalArgumentException("more than " + MAX_DEVICES + " devices");
    }
    books.add(new Device(books.devices.size(), spec));
    return books.devices.size() - 1;
  }

  /**
   * A new client; its id, from 1 on. Refused with LIMIT when there are too many.
   *
   * @param name for people
   * @param tenant on whose account it is, see {@link WaitingRoom}
   */
  public Reply<Long> connect(String name, String tenant) {
    if (Math.max(name.length(), tenant.length()) > UnitSpec.MAX_NAME) {
      return Reply.refuse(ErrorCode.XRM_ERROR_INVALID, Reason.LIMIT, "a name that is too long");
    }
    if (books.clients.size() == books.clientLimit) {
      return Reply.refuse(ErrorCode.XRM_ERROR, Reason.LIMIT, books.clientLimit + " clients");
    }
    long id = books.clientIds.peek(books.clients::containsKey);
    books.clientIds.take(id);
    books.add(new Client(id, name, tenant));
    return Reply.of(id);
  }

  /** A client goes, and with it all that it holds and all that it has reserved. */
  public Reply<Released> disconnect(long atNs, long client) {
    proceedTo(atNs);
    Client gone = books.clients.get(client);
    if (gone == null) {
      return unknown("client " + client);
    }
    List<Allocation> ended = List.copyOf(gone.services).stream().map(leases::end).toList();
    List<Long> relinquished = List.copyOf(gone.pools);
    relinquished.forEach(id -> pools.relinquish(books.pools.get(id)));
    books.remove(gone);
    return Reply.of(new Released(ended, relinquished));
  }

  private static <T> Reply<T> unknown(String what) {
    return Reply.refuse(ErrorCode.XRM_ERROR_INVALID, Reason.UNKNOWN, "there is no " + what);
  }

  /**
   * Grants a request at once, or not at all.
   *
   * @param atNs not before the last call
   * @param termNs for how long it is good unless renewed, 1 or more; {@link
   *     Allocation#UNTIL_RELEASED} for ever
   */
  public Reply<Allocation> allocate(long atNs, long client, Request request, long termNs) {
    proceedTo(atNs);
    Optional<Reply<Void>> wrong = check(client, request);
    if (wrong.isPresent()) {
      return wrong.get().refusal();
    }
    return place(client, request, termNs).map(Reply::of).orElseGet(() -> explain(client, request));
  }

  /** Why a request that cannot be had cannot. */
  <T> Reply<T> explain(long client, Request request) {
    return granter.explain(client, request);
  }

  Optional<String> tenant(long client) {
    return Optional.ofNullable(books.clients.get(client)).map(found -> found.tenant);
  }

  boolean hasTenant(String tenant) {
    return books.accounts.containsKey(tenant);
  }

  /** Of a tenant without clients: nothing. */
  Account account(String tenant) {
    return books.accounts.getOrDefault(tenant, new Account(0, books.nowNs));
  }

  /** Grows whenever the answer to a request that was refused may be another one. */
  long freed() {
    return books.freed;
  }

  /** Grows whenever {@link #wouldFitAlone} may answer otherwise. */
  long fleetVersion() {
    return books.fleetVersion;
  }

  /** Whether a request that was checked could be had if nobody held anything but reservations. */
  boolean wouldFitAlone(long client, Request request) {
    Allocator empty = new Allocator(States.restore(state().withoutAllocations(), 0, books.nowNs));
    return empty.place(client, request, Allocation.UNTIL_RELEASED).isPresent();
  }

  /** What is wrong with a request, whatever is free. */
  Optional<Reply<Void>> check(long client, Request request) {
    return books.clients.containsKey(client)
        ? check.check(request)
        : Optional.of(unknown("client " + client));
  }

  /** Grants a request that was checked; empty if it cannot be had now. */
  Optional<Allocation> place(long client, Request request, long termNs) {
    if (termNs < 1) {
      throw new IllegalArgumentException("a lease of " + termNs + " ns");
    }
    long service = books.serviceIds.peek(books.services::containsKey);
    long freed = books.freed;
    Optional<Allocation> granted =
        granter
            .place(client, service, request)
            .map(
                channels ->
                    new Allocation(
                        new LeaseId(client, service, books.epoch),
                        books.nowNs,
                        termNs,
                        Allocation.end(books.nowNs, termNs),
                        channels));
    if (granted.isPresent()) {
      books.serviceIds.take(service);
      leases.add(granted.get());
    } else {
      books.freed = freed;
    }
    return granted;
  }

  /** Gives back all of a service; refused if the lease is not good. */
  public Reply<Allocation> release(long atNs, LeaseId lease) {
    proceedTo(atNs);
    return leases.release(lease);
  }

  /** Begins the term of a lease anew; refused if the lease is not good. */
  public Reply<Allocation> renew(long atNs, LeaseId lease) {
    proceedTo(atNs);
    return leases.renew(books.nowNs, lease);
  }

  /** Takes back what was not renewed in time, the earliest end first. */
  public List<Allocation> expire(long atNs) {
    proceedTo(atNs);
    return leases.expire(books.nowNs);
  }

  /** When the next term is over, in nanoseconds; empty if no lease has an end. */
  public OptionalLong nextExpiryNs() {
    return leases.nextEndNs();
  }

  /** Declares alternatives under a name; its name. */
  public Reply<String> declare(Group group) {
    Optional<Reply<Void>> wrong = check.declaration(group);
    if (wrong.isPresent()) {
      return wrong.get().refusal();
    }
    books.groups.put(group.name(), group);
    return Reply.of(group.name());
  }

  /** Takes a declaration back; what was granted by it stays. */
  public Reply<String> undeclare(String group) {
    return books.groups.remove(group) == null ? unknown("group '" + group + "'") : Reply.of(group);
  }

  /** Sets all of a request aside, or nothing. Any client that knows its id may draw from it. */
  public Reply<PoolStatus> reserve(long atNs, long client, PoolRequest request) {
    proceedTo(atNs);
    Optional<Reply<Void>> wrong = check(client, request);
    if (wrong.isPresent()) {
      return wrong.get().refusal();
    }
    long id = books.poolIds.peek(books.pools::containsKey);
    Reply<PoolStatus> reserved = pools.reserve(id, client, request);
    if (reserved.isOk()) {
      books.poolIds.take(id);
    }
    return reserved;
  }

  /** Ends a reservation; its id. What nobody draws is free at once, the rest when released. */
  public Reply<Long> relinquish(long atNs, long client, long poolId) {
    proceedTo(atNs);
    Pool pool = books.pools.get(poolId);
    if (pool == null) {
      return unknown("reservation " + poolId);
    }
    if (pool.owner != client) {
      return Reply.refuse(
          ErrorCode.XRM_ERROR_INVALID,
          Reason.NOT_HOLDER,
          "reservation " + poolId + " is of client " + pool.owner);
    }
    pools.relinquish(pool);
    return Reply.of(poolId);
  }

  private Optional<Reply<Void>> check(long client, PoolRequest request) {
    return books.clients.containsKey(client)
        ? check.pool(request)
        : Optional.of(unknown("client " + client));
  }

  /** A reservation. */
  public Reply<PoolStatus> pool(long poolId) {
    Pool pool = books.pools.get(poolId);
    return pool == null ? unknown("reservation " + poolId) : Reply.of(PoolStatus.of(pool));
  }

  /**
   * How often a request would be granted to a client now, one after the other.
   *
   * @param atMost where to stop counting; all but a {@link UnitRequest} are tried on a copy
   */
  public Reply<Integer> available(long client, Request request, int atMost) {
    Optional<Reply<Void>> wrong = check(client, request);
    if (wrong.isPresent()) {
      return wrong.get().refusal();
    }
    return Reply.of(
        request instanceof UnitRequest unit
            ? Availability.ofUnit(books, client, unit, atMost)
            : byTrying(
                atMost,
                copy -> copy.place(client, request, Allocation.UNTIL_RELEASED).isPresent()));
  }

  /** How often a request could be reserved by a client now, one after the other. */
  public Reply<Integer> available(long client, PoolRequest request, int atMost) {
    Optional<Reply<Void>> wrong = check(client, request);
    return wrong.isPresent()
        ? wrong.get().refusal()
        : Reply.of(byTrying(atMost, copy -> copy.reserve(books.nowNs, client, request).isOk()));
  }

  private int byTrying(int atMost, Predicate<Allocator> once) {
    Allocator copy = new Allocator(States.restore(state(), books.epoch, books.nowNs));
    int count = 0;
    while (count < atMost && once.test(copy)) {
      count++;
    }
    return count;
  }

  /** What the first unit that matches can do in all; 0 if none does or it is not described. */
  public long maxCapacity(Selector selector) {
    return Availability.maxCapacity(books, selector);
  }

  /** What a service holds. */
  public Reply<Allocation> service(long id) {
    Allocation allocation = books.services.get(id);
    return allocation == null ? unknown("service " + id) : Reply.of(allocation);
  }

  /** What all hold, in the order of the services. */
  public List<Allocation> services() {
    return List.copyOf(books.services.values());
  }

  /** A unit of a device, by its index. */
  public Reply<UnitStatus> unit(int device, int unit) {
    return onDevice(
        device,
        found ->
            unit >= 0 && unit < found.units.size()
                ? Reply.of(UnitStatus.of(found.units.get(unit)))
                : unknown("unit " + unit + " on device " + device));
  }

  public Reply<DeviceStatus> device(int id) {
    return onDevice(id, found -> Reply.of(DeviceStatus.of(found)));
  }

  /** How many devices there are; their ids are below it. */
  public int devices() {
    return books.devices.size();
  }

  /**
   * Loads an image on an enabled device without one; the id of the device. Done already if it has
   * that image.
   *
   * @param device {@link #ANY_DEVICE} for the first without an image that can load it
   */
  public Reply<Integer> load(int device, Image image) {
    return device == ANY_DEVICE
        ? control.loadAny(image)
        : onDevice(device, found -> control.load(found, image));
  }

  /** Unloads a device that nobody uses; its id. */
  public Reply<Integer> unload(int device) {
    return onDevice(device, control::unload);
  }

  /** A disabled or draining device takes work again; its id. A disabled one has to be loaded. */
  public Reply<Integer> enable(int device) {
    return onDevice(device, control::enable);
  }

  /** Unloads a device that nobody uses and keeps it from being loaded; its id. */
  public Reply<Integer> disable(int device) {
    return onDevice(device, control::disable);
  }

  /** A device takes nothing new; its id. What is granted on it goes on. */
  public Reply<Integer> drain(int device) {
    return onDevice(device, control::drain);
  }

  /** A device is gone: every service that had a unit of it ends, reservations lose its units. */
  public Reply<Released> offline(long atNs, int device) {
    proceedTo(atNs);
    return onDevice(device, found -> Reply.of(control.offline(found)));
  }

  /** A device is back, without an image; its id. */
  public Reply<Integer> online(int device) {
    return onDevice(device, control::online);
  }

  public long epoch() {
    return books.epoch;
  }

  /** All that this allocator remembers. */
  public AllocatorState state() {
    return States.of(books);
  }

  /**
   * An allocator that goes on where another one was. All leases are of the new epoch, and their
   * terms begin at {@code atNs}.
   *
   * @param newEpoch greater than that of the state
   * @param atNs not before the last call of the other one
   */
  public static Allocator restore(AllocatorState state, long newEpoch, long atNs) {
    if (newEpoch <= state.epoch()) {
      throw new IllegalArgumentException("epoch " + newEpoch + " after " + state.epoch());
    }
    return new Allocator(States.restore(state, newEpoch, atNs));
  }

  private <T> Reply<T> onDevice(int id, Function<Device, Reply<T>> call) {
    return books.device(id).map(call).orElseGet(() -> unknown("device " + id));
  }

  void proceedTo(long atNs) {
    if (atNs < books.nowNs) {
      throw new IllegalArgumentException(
          "call at " + atNs + " ns after one at " + books.nowNs + " ns");
    }
    books.nowNs = atNs;
  }
}
