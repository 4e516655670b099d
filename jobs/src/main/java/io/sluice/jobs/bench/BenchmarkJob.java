package io.sluice.jobs.bench;

import io.sluice.dispatch.Arrival;
import io.sluice.dispatch.Capacity;
import io.sluice.dispatch.DispatchPlan;
import io.sluice.dispatch.Outcome;
import io.sluice.dispatch.Usage;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.fleet.Card;
import io.sluice.fleet.ComputeUnit;
import io.sluice.fleet.Host;
import io.sluice.flink.dispatch.DispatchTotals;
import io.sluice.flink.dispatch.DispatchTypes;
import io.sluice.flink.dispatch.Dispatching;
import io.sluice.flink.dispatch.MeasuredWindows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Loads a simulated fleet and tells how much it does and how long requests take: a Flink job in
 * virtual time. Nothing is computed; times are modelled.
 *
 * <p>In an open load every request is a record from one source to the dispatchers; in a closed load
 * the first request of every client is, and the dispatchers make the others. Every request is one
 * record from the dispatchers to the statistics, which are chained to them. The measured time is as
 * long as the wanted number of requests should take by the fleet's capacity, after a warm-up of
 * three tenths of it.
 *
 * @param plan fleet, networks and dispatchers
 * @param load what is asked of it
 * @param requests about so many are measured
 * @param seed of an open load
 */
public record BenchmarkJob(DispatchPlan plan, Load load, long requests, long seed) {
  /** No run measures more. */
  public static final long MAX_REQUESTS = 1_000_000_000;

  private static final int WINDOWS = 10;
  private static final int WARM_UP_WINDOWS = 3;

  /** A window is so many times as long as a request of a full closed load takes. */
  private static final int TURNS_PER_WINDOW = 3;

  /**
   * @throws SluiceException SLUICE_USAGE for a number out of range
   */
  public BenchmarkJob {
    if (requests < 1 || requests > MAX_REQUESTS) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          requests + " requests",
          "benchmark of fleet '" + plan.fleet().name() + "'",
          "use 1 to " + MAX_REQUESTS);
    }
  }

  /** A run with everything that follows from its load. */
  private record Run(
      DispatchPlan plan, MeasuredWindows windows, DataStream<Arrival> arrivals, long clients) {}

  /** The outcomes of all requests, for those who want each. */
  public DataStream<Outcome> outcomes(StreamExecutionEnvironment env) {
    Run run = run(env, plan.capacities());
    return Dispatching.outcomes(run.arrivals, run.plan, run.clients);
  }

  /**
   * Runs the job and waits for its end.
   *
   * @throws SluiceException VART_DEVICE_MISMATCH if a dispatcher has no unit for a network,
   *     SLUICE_STAGE_FAILED if the job fails
   */
  public BenchmarkPoint run(StreamExecutionEnvironment env) {
    List<Capacity> capacities = plan.capacities();
    Run run = run(env, capacities);
    Dispatching.count(Dispatching.outcomes(run.arrivals, run.plan, run.clients), run.windows);
    long begunNs = System.nanoTime();
    Map<String, Object> accumulators;
    try {
      accumulators = env.execute("sluice-bench-fleet").getAllAccumulatorResults();
    } catch (Exception e) {
      throw new SluiceException(
          ErrorCode.SLUICE_STAGE_FAILED,
          "the job failed (" + e + ")",
          "benchmark of fleet '" + plan.fleet().name() + "'",
          "run again with --stacktrace",
          e);
    }
    double jobSeconds = (System.nanoTime() - begunNs) / 1e9;
    DispatchTotals totals = DispatchTotals.of(accumulators, run.windows);
    double measuredNs = run.windows.untilNs() - run.windows.fromNs();
    double perSecond = totals.measured() * 1e9 / measuredNs;
    Set<String> idle = plan.idleUnits().stream().map(ComputeUnit::id).collect(Collectors.toSet());
    List<Utilisation> utilisations = utilisations(totals.usage(), measuredNs);
    boolean closed = load instanceof Load.Closed;
    return new BenchmarkPoint(
        plan.fleet().cards().size(),
        plan.fleet().units().size(),
        idle.size(),
        perSecond,
        offeredPerSecond(),
        BenchmarkPoint.isStable(totals.windows()),
        Bottleneck.of(means(utilisations, idle), perSecond, closed, capacities),
        utilisations,
        totals,
        jobSeconds);
  }

  private double offeredPerSecond() {
    if (load instanceof Load.Open open) {
      return open.perSecond();
    }
    return load instanceof Load.Trace trace
        ? (trace.atNs().length - 1) * 1e9 / trace.atNs()[trace.atNs().length - 1]
        : Double.NaN;
  }

  private Run run(StreamExecutionEnvironment env, List<Capacity> capacities) {
    int networks = plan.networks().size();
    double able = capacities.stream().mapToDouble(Capacity::perSecond).sum();
    double rate = load instanceof Load.Closed ? able : Math.min(able, offeredPerSecond());
    long longestNs = capacities.stream().mapToLong(Capacity::longestNs).max().orElseThrow();
    long shortestNs = TURNS_PER_WINDOW * longestNs;
    if (load instanceof Load.Closed closed) {
      shortestNs *= closed.perImage();
    }
    long windowNs = Math.max(shortestNs, Math.round(requests * 1e9 / rate / WINDOWS));
    if (load instanceof Load.Trace trace) {
      windowNs = Math.max(1, trace.atNs()[trace.atNs().length - 1] / (WINDOWS + WARM_UP_WINDOWS));
    }
    MeasuredWindows windows = new MeasuredWindows(WARM_UP_WINDOWS * windowNs, windowNs, WINDOWS);
    DispatchPlan measured =
        plan.with(plan.settings().measured(windows.fromNs(), windows.untilNs()));
    if (load instanceof Load.Closed closed) {
      int[] images = capacities.stream().mapToInt(Capacity::images).toArray();
      ClientFunction clients = new ClientFunction(images, closed.perImage(), networks, longestNs);
      DataStream<Arrival> first =
          numbers(env, clients.clients())
              .map(clients)
              .returns(DispatchTypes.ARRIVAL)
              .setParallelism(1);
      return new Run(measured, windows, first, clients.clients());
    }
    double[] weights = capacities.stream().mapToDouble(Capacity::perSecond).toArray();
    ArrivalProcess process;
    long count;
    if (load instanceof Load.Trace trace) {
      process = new ArrivalProcess.Replay(trace.atNs());
      count = trace.atNs().length;
    } else {
      Load.Open open = (Load.Open) load;
      process = open.process();
      double expected = open.perSecond() * windows.untilNs() / 1e9;
      double spare = open.shape() == Load.Shape.BURSTY ? 1.3 : 1;
      count = (long) (spare * expected + 6 * Math.sqrt(expected) + 100);
    }
    DataStream<Arrival> all =
        numbers(env, count)
            .map(new ArrivalFunction(process, weights, networks, seed))
            .returns(DispatchTypes.ARRIVAL)
            .setParallelism(1);
    return new Run(measured, windows, all, 0);
  }

  private static SingleOutputStreamOperator<Long> numbers(
      StreamExecutionEnvironment env, long count) {
    return env.fromSequence(0, count - 1).setParallelism(1);
  }

  private List<Utilisation> utilisations(List<Usage> usages, double measuredNs) {
    Map<String, Card> cards =
        plan.fleet().cards().stream().collect(Collectors.toMap(Card::id, Function.identity()));
    Map<String, Integer> threads =
        plan.fleet().hosts().stream().collect(Collectors.toMap(Host::name, Host::threads));
    List<Utilisation> all = new ArrayList<>();
    for (Usage usage : usages) {
      for (int u = 0; u < usage.unitIds().size(); u++) {
        double share = usage.unitBusyNs()[u] / measuredNs;
        all.add(new Utilisation(usage.unitIds().get(u), "units", share));
      }
      for (int c = 0; c < usage.cardIds().size(); c++) {
        String id = usage.cardIds().get(c);
        long link = Math.max(usage.sendBusyNs()[c], usage.receiveBusyNs()[c]);
        all.add(new Utilisation(id, "links", link / measuredNs));
        double peak = cards.get(id).platform().memoryGigabytesPerSecond() * measuredNs;
        all.add(new Utilisation(id, "memoryTraffic", usage.memoryBytes()[c] / peak));
      }
      for (int h = 0; h < usage.hosts().size(); h++) {
        String host = usage.hosts().get(h);
        double share = usage.hostBusyNs()[h] / measuredNs / threads.get(host);
        all.add(new Utilisation(host, "host", share));
        all.add(new Utilisation(host, "pcie", usage.pcieBusyNs()[h] / measuredNs));
      }
    }
    return all;
  }

  /** The mean over units with a network, cards or hosts, by part; without what only informs. */
  private static Map<String, Double> means(List<Utilisation> utilisations, Set<String> idle) {
    return utilisations.stream()
        .filter(u -> !(u.part().equals("units") && idle.contains(u.name())))
        .filter(u -> !u.part().equals("memoryTraffic"))
        .collect(
            Collectors.groupingBy(
                Utilisation::part, TreeMap::new, Collectors.averagingDouble(Utilisation::share)));
  }
}
