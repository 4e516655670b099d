package io.sluice.xrm.alloc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Any row of calls, against {@link Model}: the same grants on the same units, the same books. */
class AllocatorPropertyTest {
  private static final int DEVICES = 4;
  private static final int CALLS = 500;

  @Tag("slow")
  @Property(tries = 40)
  void theAllocatorDoesWhatTheModelDoes(@ForAll long seed) {
    new Run(seed).calls(CALLS);
  }

  @Tag("full")
  @Property(tries = 2000)
  void theAllocatorDoesWhatTheModelDoesAMillionTimes(@ForAll long seed) {
    new Run(seed).calls(CALLS);
  }

  private static final class Run {
    private final Random random;
    private final Model model = new Model(DEVICES, Devices.VIDEO);
    private final List<Long> clients = new ArrayList<>(List.of(1L));
    private final List<Long> pools = new ArrayList<>();
    private Allocator allocator = Devices.loaded(DEVICES, Devices.VIDEO);
    private long nowNs;

    Run(long seed) {
      random = new Random(seed);
    }

    void calls(int count) {
      for (int i = 0; i < count; i++) {
        nowNs++;
        call(random.nextInt(20));
        check();
      }
      List.copyOf(clients).forEach(this::disconnect);
      for (int d = 0; d < DEVICES; d++) {
        assertThat(allocator.device(d).value().units())
            .allMatch(unit -> unit.freeLoad() == Load.WHOLE && unit.channelsInUse() == 0);
      }
    }

    private void call(int kind) {
      switch (kind) {
        case 0 -> clients.add(allocator.connect("client", "tenant").value());
        case 1 -> disconnect(any(clients).orElse(0L));
        case 2, 3 -> reserve();
        case 4 -> relinquish();
        case 5, 6, 7 -> release();
        case 8 -> drainOrEnable(random.nextInt(DEVICES));
        case 9 -> lose(random.nextInt(DEVICES));
        case 10 -> {
          AllocatorState state = allocator.state();
          allocator = Allocator.restore(state, state.epoch() + 1, nowNs);
        }
        case 11, 12, 13 -> {
          List<UnitRequest> units = new ArrayList<>();
          for (int n = 1 + random.nextInt(4); n > 0; n--) {
            units.add(unit());
          }
          boolean sameDevice = random.nextBoolean();
          units.replaceAll(u -> sameDevice ? u.on(DeviceConstraint.ANY) : u);
          allocate(new ListRequest(Api.V2, units, sameDevice));
        }
        default -> allocate(unit());
      }
    }

    private static Optional<Long> any(List<Long> ids, Random random) {
      return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(random.nextInt(ids.size())));
    }

    private Optional<Long> any(List<Long> ids) {
      return any(ids, random);
    }

    private UnitRequest unit() {
      Selector selector =
          random.nextInt(3) == 0 ? Selector.alias("resize") : Selector.kernel("dpu");
      int load = random.nextInt(4) == 0 ? Load.WHOLE : 1 + random.nextInt(600_000);
      UnitRequest request =
          UnitRequest.of(selector, Load.millionths(load))
              .by(Policy.values()[random.nextInt(Policy.values().length)]);
      if (random.nextInt(8) == 0) {
        request = request.exclusively();
      }
      if (random.nextInt(4) == 0) {
        request = request.on(DeviceConstraint.device(random.nextInt(DEVICES)));
      }
      return random.nextInt(3) == 0 && !pools.isEmpty()
          ? request.fromPool(any(pools).orElseThrow())
          : request;
    }

    private void allocate(Request request) {
      Optional<Long> client = any(clients);
      if (client.isEmpty()) {
        return;
      }
      ListRequest list =
          request instanceof ListRequest several ? several : ListRequest.of((UnitRequest) request);
      AllocatorState before = allocator.state();
      if (random.nextInt(10) == 0 && request instanceof UnitRequest) {
        checkAvailable(client.get(), request);
      }
      Reply<Allocation> reply =
          allocator.allocate(nowNs, client.get(), request, Allocation.UNTIL_RELEASED);
      long service = before.lastService() + 1;
      Optional<List<Model.Open>> expected = model.allocate(client.get(), service, list);
      assertThat(reply.isOk()).as(request + ": " + reply.detail()).isEqualTo(expected.isPresent());
      if (reply.isOk()) {
        assertThat(reply.value().channels().stream().map(c -> open(reply.value(), c)))
            .isEqualTo(expected.get());
      } else {
        assertThat(allocator.services()).isEqualTo(before.allocations());
        assertThat(allocator.state().pools()).isEqualTo(before.pools());
      }
    }

    private void checkAvailable(long client, Request request) {
      int counted = allocator.available(client, request, 7).value();
      Allocator copy = Allocator.restore(allocator.state(), Long.MAX_VALUE, nowNs);
      int granted = 0;
      while (granted < 7
          && copy.allocate(nowNs, client, request, Allocation.UNTIL_RELEASED).isOk()) {
        granted++;
      }
      assertThat(counted).isEqualTo(granted);
    }

    private static Model.Open open(Allocation allocation, Channel c) {
      LeaseId id = allocation.id();
      return new Model.Open(
          id.service(), id.client(), c.device(), c.unit(), c.channel(), c.load(), c.poolId());
    }

    private void reserve() {
      Optional<Long> client = any(clients);
      if (client.isEmpty()) {
        return;
      }
      UnitRequest part = Devices.dpu(1 + random.nextInt(400_000));
      int copies = 1 + random.nextInt(3);
      long id = allocator.state().lastPool() + 1;
      Reply<PoolStatus> reply =
          allocator.reserve(nowNs, client.get(), PoolRequest.lists(copies, ListRequest.of(part)));
      assertThat(reply.isOk()).isEqualTo(model.reserve(client.get(), id, copies, part));
      if (reply.isOk()) {
        pools.add(id);
      }
    }

    private void relinquish() {
      any(pools)
          .ifPresent(
              pool -> {
                long owner = allocator.pool(pool).value().client();
                assertThat(allocator.relinquish(nowNs, owner, pool).isOk()).isTrue();
                model.relinquish(pool);
                pools.remove(pool);
              });
    }

    private void release() {
      List<Allocation> services = allocator.services();
      if (!services.isEmpty()) {
        LeaseId lease = services.get(random.nextInt(services.size())).id();
        assertThat(allocator.release(nowNs, lease).isOk()).isTrue();
        model.release(lease.service());
      }
    }

    private void drainOrEnable(int device) {
      if (model.closed.remove(device)) {
        assertThat(allocator.enable(device).isOk()).isTrue();
      } else {
        model.closed.add(device);
        assertThat(allocator.drain(device).isOk()).isTrue();
      }
    }

    private void lose(int device) {
      assertThat(allocator.offline(nowNs, device).isOk()).isTrue();
      assertThat(allocator.online(device).isOk()).isTrue();
      assertThat(allocator.load(device, Devices.VIDEO).isOk()).isTrue();
      model.lose(device);
      model.closed.remove(device);
    }

    private void disconnect(long client) {
      if (clients.remove(client)) {
        Released released = allocator.disconnect(nowNs, client).value();
        model.disconnect(client);
        pools.removeAll(released.pools());
      }
    }

    /** The books say the same, and every load, channel and lease is accounted for. */
    private void check() {
      for (int d = 0; d < DEVICES; d++) {
        DeviceStatus device = allocator.device(d).value();
        assertThat(new TreeSet<>(device.clients())).isEqualTo(model.clients(d));
        assertThat(device.exclusiveClient()).isEqualTo(model.exclusive.getOrDefault(d, 0L));
        for (UnitStatus unit : device.units()) {
          int u = unit.unit();
          assertThat(unit.usedLoad() + unit.reservedUsedLoad()).isEqualTo(model.used(d, u));
          assertThat(unit.freeLoad()).isEqualTo(model.free(d, u, 0)).isNotNegative();
          assertThat(unit.reservedUsedLoad()).isLessThanOrEqualTo(unit.reservedLoad());
          assertThat(unit.channelsInUse())
              .isEqualTo(model.numbers(d, u).size())
              .isLessThanOrEqualTo(unit.spec().maxChannels());
        }
      }
      List<Model.Open> held = new ArrayList<>();
      allocator.services().forEach(a -> a.channels().forEach(c -> held.add(open(a, c))));
      assertThat(held).containsExactlyInAnyOrderElementsOf(model.open);
    }
  }
}
