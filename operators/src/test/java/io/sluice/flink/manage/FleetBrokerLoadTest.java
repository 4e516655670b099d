package io.sluice.flink.manage;

import static io.sluice.flink.manage.Asks.MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.fleet.FaultEvent;
import io.sluice.fleet.Fleet;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many requests for the units of 20 boards, in simulated time. */
@Tag("slow")
class FleetBrokerLoadTest {
  private static final int CARDS = 20;
  private static final long SEED = 6;
  private static final String FLEET = "cards: [{platform: zcu102, count: " + CARDS + "}]";

  private record Due(long atNs, long order, Consumer<Long> what) {}

  private final PriorityQueue<Due> agenda =
      new PriorityQueue<>(
          (a, b) ->
              a.atNs != b.atNs ? Long.compare(a.atNs, b.atNs) : Long.compare(a.order, b.order));
  private final Random random = new Random(SEED);
  private final Map<String, Integer> results = new HashMap<>();
  private final Map<String, Integer> reasons = new TreeMap<>();
  private final Map<String, ManagerReply> latest = new HashMap<>();
  private FleetBroker broker;
  private long order;
  private long nowNs;

  private void at(long ns, Consumer<Long> what) {
    agenda.add(new Due(ns, order++, what));
  }

  private void play(long untilNs) {
    while (!agenda.isEmpty() && agenda.peek().atNs <= untilNs) {
      Due due = agenda.poll();
      nowNs = due.atNs;
      due.what.accept(nowNs);
    }
  }

  @Test
  void ofAHundredThousandRequestsOnCardsThatFailEachHasOneResultAndNoLeaseIsLeft() {
    int requests = 100_000;
    long endNs = 100_000 * MS;
    Fleet fleet = Asks.fleet(FLEET);
    BrokerSettings settings = new BrokerSettings(500 * MS, Map.of());
    broker = new FleetBroker(fleet, settings);
    for (int i = 0; i < requests; i++) {
      String client = "c" + i % 50;
      String id = "r" + i;
      at(i * MS, ns -> hear(broker.ask(ns, wish(client, id))));
    }
    for (long ms = 100; ms * MS < endNs; ms += 100) {
      for (int c = 0; c < 50; c++) {
        String client = "c" + c;
        at(
            ms * MS,
            ns -> hear(broker.ask(ns, Asks.request(client, "renew" + ns, "renew").build())));
      }
    }
    List<Integer> cards = new ArrayList<>(IntStream.range(0, CARDS).boxed().toList());
    Collections.shuffle(cards, random);
    for (int i = 0; i < CARDS * 3 / 10; i++) {
      String card = "zcu102-" + cards.get(i);
      long offNs = random.nextLong(endNs);
      at(offNs, ns -> hear(broker.befall(ns, Asks.event(card, FaultEvent.Kind.OFFLINE))));
      if (i % 2 == 0) {
        at(
            random.nextLong(offNs, endNs),
            ns -> hear(broker.befall(ns, Asks.event(card, FaultEvent.Kind.ONLINE))));
      }
    }
    at(
        endNs / 2,
        ns -> {
          broker = FleetBroker.restore(fleet, settings, broker.state(), ns);
          hear(broker.regrant());
        });
    play(Long.MAX_VALUE);
    hear(broker.proceedTo(nowNs + 10 * settings.termNs()));

    assertThat(results).hasSize(requests);
    assertThat(results.values()).allMatch(n -> n == 1);
    assertThat(broker.held()).isZero();
    assertThat(broker.waiting()).isZero();
    assertThat(reasons.get("ok")).isGreaterThan(requests / 2);
    assertThat(reasons.keySet()).isSubsetOf("ok", "XRM_ERROR_NO_KERNEL TIMEOUT");
    System.out.println("results by reason: " + reasons);
  }

  /** Load of a tenth to a whole unit, that is waited for at most 200 ms. */
  private ManagerRequest wish(String client, String id) {
    ManagerRequest.Builder wish = Asks.unit(client, id).setTimeoutMillis(200);
    wish.getUnits().get(0).setPercent(10 * (1 + random.nextInt(10)));
    return wish.build();
  }

  private void hear(List<ManagerReply> said) {
    for (ManagerReply reply : said) {
      if (!reply.getName().equals(FleetBroker.ALLOC)) {
        continue;
      }
      String key = reply.getClient() + "/" + reply.getRequestId();
      latest.put(key, reply);
      if (reply.getStatus().equals("ok")) {
        count(key, "ok");
        long heldNs = MS + random.nextLong(200 * MS);
        at(nowNs + heldNs, ns -> release(key));
      } else if (reply.getStatus().equals("changed")) {
        at(nowNs + MS + random.nextLong(200 * MS), ns -> release(key));
      } else if (reply.getStatus().equals("failed")) {
        count(key, reply.getError() + " " + reply.getReason());
      }
    }
  }

  private void count(String key, String reason) {
    results.merge(key, 1, Integer::sum);
    reasons.merge(reason, 1, Integer::sum);
  }

  private void release(String key) {
    ManagerReply held = latest.get(key);
    if (held.getService() != 0) {
      String id = "release-" + held.getRequestId();
      hear(broker.ask(nowNs, Asks.release(held.getClient(), id, held.getService())));
    }
  }

  @Test
  void eightTenantsOfWhichOneIsGreedyGetTheirShares() {
    Map<String, Integer> shares = new TreeMap<>();
    int[] configured = {1, 1, 2, 2, 3, 3, 4, 4};
    for (int t = 0; t < configured.length; t++) {
      shares.put("t" + t, configured[t]);
    }
    broker = new FleetBroker(Asks.fleet(FLEET), new BrokerSettings(10_000 * MS, shares));
    long endNs = 20_000 * MS;
    Map<String, Long> hadNs = new TreeMap<>();
    int[] next = new int[configured.length];
    // Each always waits for what it could use at most; the first for twenty times as much.
    List<String> first = new ArrayList<>();
    for (int t = 0; t < configured.length; t++) {
      for (int i = 0; i < (t == 0 ? 1200 : 60); i++) {
        first.add("t" + t);
      }
    }
    for (String tenant : first) {
      at(0, ns -> askAgain(tenant, next, hadNs, endNs));
    }
    play(endNs);

    long all = hadNs.values().stream().mapToLong(Long::longValue).sum();
    double most = 0;
    for (int t = 0; t < configured.length; t++) {
      double expected = configured[t] / 20.0;
      double share = (double) hadNs.get("t" + t) / all;
      System.out.printf("tenant t%d: share %.4f, configured %.4f%n", t, share, expected);
      most = Math.max(most, Math.abs(share / expected - 1));
    }
    System.out.printf("largest deviation %.2f%%%n", 100 * most);
    assertThat(most).isLessThan(0.05);
  }

  private void askAgain(String tenant, int[] next, Map<String, Long> hadNs, long endNs) {
    int index = tenant.charAt(1) - '0';
    String id = "r" + next[index]++;
    serve(broker.ask(nowNs, Asks.unit(tenant, id).setTenant(tenant).build()), next, hadNs, endNs);
  }

  private void serve(List<ManagerReply> said, int[] next, Map<String, Long> hadNs, long endNs) {
    for (ManagerReply reply : said) {
      if (reply.getName().equals(FleetBroker.ALLOC) && reply.getStatus().equals("ok")) {
        String tenant = reply.getClient();
        long begunNs = nowNs;
        at(
            nowNs + 5 * MS + random.nextLong(20 * MS),
            ns -> {
              hadNs.merge(tenant, ns - begunNs, Long::sum);
              String id = "release-" + reply.getRequestId();
              serve(
                  broker.ask(ns, Asks.release(tenant, id, reply.getService())), next, hadNs, endNs);
              askAgain(tenant, next, hadNs, endNs);
            });
      }
    }
  }
}
