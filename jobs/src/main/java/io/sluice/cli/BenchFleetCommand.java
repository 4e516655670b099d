package io.sluice.cli;

import io.sluice.dispatch.DispatchPlan;
import io.sluice.dispatch.DispatchSettings;
import io.sluice.dispatch.Network;
import io.sluice.dispatch.Policy;
import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import io.sluice.fleet.UniformFleet;
import io.sluice.jobs.AksJob;
import io.sluice.jobs.bench.BenchmarkJob;
import io.sluice.jobs.bench.BenchmarkPoint;
import io.sluice.jobs.bench.BenchmarkResult;
import io.sluice.jobs.bench.Load;
import io.sluice.jobs.bench.RateSearch;
import io.sluice.report.FleetBenchJson;
import io.sluice.report.FleetBenchText;
import io.sluice.report.ScalingPlot;
import io.sluice.target.DpuTarget;
import io.sluice.target.Platform;
import io.sluice.target.Platforms;
import io.sluice.target.Targets;
import io.sluice.xir.Graph;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice bench fleet}: how throughput and latency grow with the number of cards. */
@Command(
    name = "fleet",
    description =
        "Load a simulated fleet: throughput, latencies, what is busy, what bounds. Only times are"
            + " simulated; they are modelled. The speed of the scheduler itself is measured.")
final class BenchFleetCommand implements Callable<Integer> {
  private static final double US_TO_NS = 1e3;
  private static final int MAX_PARALLELISM = 128;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "[NAME=]FILE.xmodel",
      description =
          "A compiled model; may be given several times. Files of one NAME are one network for"
              + " several targets; different names are different networks, asked for equally often"
              + " (default name: that of the model).")
  private List<String> models = new ArrayList<>();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Cards cards;

  /** What is loaded. */
  private static final class Cards {
    @Option(
        names = "--fleet",
        paramLabel = "FLEET",
        description = "A fleet file, or the name of a fleet that comes along; its faults happen.")
    private String fleet;

    @ArgGroup(exclusive = false)
    private Identical identical;
  }

  /** Identical cards. */
  private static final class Identical {
    @Option(
        names = "--platform",
        required = true,
        paramLabel = "P",
        description = "A board; it is taken to carry units of the first model's target.")
    private String platform;

    @Option(
        names = "--cards",
        split = ",",
        defaultValue = "1,2,4,8,16,32,64",
        paramLabel = "N",
        description = "Numbers of cards, one run each (${DEFAULT-VALUE}).")
    private List<Integer> counts = new ArrayList<>();

    @Option(
        names = "--units-per-card",
        paramLabel = "N",
        description = "Units of each card (default: as many as the platform has).")
    private Integer units;

    @Option(
        names = "--cards-per-host",
        defaultValue = "8",
        paramLabel = "N",
        description = "Cards that share a host's threads and PCIe (${DEFAULT-VALUE}).")
    private int perHost;

    @Option(
        names = "--host-threads",
        defaultValue = "32",
        paramLabel = "N",
        description = "Threads of a host (${DEFAULT-VALUE}).")
    private int threads;
  }

  @Option(
      names = "--clients",
      defaultValue = "4",
      paramLabel = "N",
      description =
          "Closed load: clients for each image that a unit takes at once;"
              + " each waits for its result (${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "Open load instead: so many requests a second over the fleet.")
  private Double rate;

  @Option(
      names = "--arrivals",
      defaultValue = "POISSON",
      description = "Of an open load: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private Load.Shape arrivals;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "Open load instead: a file with an arrival time in milliseconds in each line.")
  private Path replay;

  @Option(
      names = "--p99-ms",
      paramLabel = "MS",
      description = "Look for the highest rate with this 99th percentile of the latency.")
  private Double p99Ms;

  @Option(
      names = "--policy",
      defaultValue = "earliest-finish",
      paramLabel = "NAME",
      description =
          "round-robin, least-loaded, earliest-finish, earliest-deadline, batch-affinity"
              + " (${DEFAULT-VALUE}).")
  private String policy;

  @Option(
      names = "--deadline-ms",
      split = ",",
      paramLabel = "MS",
      description = "After which time a result is late, for each network in turn.")
  private List<Double> deadlinesMs = new ArrayList<>();

  @Option(
      names = "--host-us",
      defaultValue = "100",
      paramLabel = "US",
      description = "Time of a host thread for a request; an assumption (${DEFAULT-VALUE}).")
  private double hostUs;

  @Option(
      names = "--one-dispatcher",
      description = "One dispatcher for the whole fleet (default: one for each host).")
  private boolean oneDispatcher;

  @Option(
      names = "--requests",
      defaultValue = "200000",
      paramLabel = "N",
      description = "About so many are measured in each run (${DEFAULT-VALUE}).")
  private long requests;

  @Option(
      names = "--parallelism",
      defaultValue = "2",
      paramLabel = "N",
      description = "Subtasks of the dispatchers; changes no result (${DEFAULT-VALUE}).")
  private int parallelism;

  @Option(names = "--seed", defaultValue = "1", description = "Of an open load (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--csv", paramLabel = "FILE", description = "Write a line for each run.")
  private Path csv;

  @Option(names = "--svg", paramLabel = "FILE", description = "Draw throughput and p99 over cards.")
  private Path svg;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (parallelism < 1 || parallelism > MAX_PARALLELISM) {
      throw usage("--parallelism is " + parallelism + ", choose 1 to " + MAX_PARALLELISM);
    }
    if (p99Ms != null && !(p99Ms > 0)) {
      throw usage("--p99-ms is " + p99Ms + ", choose more than 0");
    }
    if (!(hostUs >= 0 && hostUs <= 1e9)) {
      throw usage("--host-us is " + hostUs + ", choose 0 to 1e9");
    }
    List<Network> networks = networks();
    DispatchSettings settings =
        DispatchSettings.of(Policy.of(policy))
            .withHostNs(Math.round(hostUs * US_TO_NS))
            .withDeadlinesNs(deadlinesMs.stream().map(ms -> Math.round(ms * 1e6)).toList());
    Load load = load(networks);
    List<BenchmarkPoint> points = new ArrayList<>();
    List<Optional<BenchmarkPoint>> best = new ArrayList<>();
    for (Fleet fleet : fleets(networks)) {
      DispatchPlan plan = new DispatchPlan(fleet, networks, settings, !oneDispatcher);
      BenchmarkPoint point = run(plan, load);
      points.add(point);
      if (p99Ms != null) {
        double highest = plan.capacities().stream().mapToDouble(c -> c.perSecond()).sum();
        best.add(
            new RateSearch(p99Ms).highest(highest, r -> run(plan, new Load.Open(arrivals, r))));
      }
    }
    String what =
        cards.fleet != null
            ? "fleet " + cards.fleet
            : cards.identical.platform + " in hosts of " + cards.identical.perHost;
    BenchmarkResult result = new BenchmarkResult(what, describe(load), policy, seed, points, best);
    write(csv, FleetBenchText.csv(result));
    write(svg, ScalingPlot.svg(result));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(FleetBenchJson.of(result).toPrettyString());
    } else {
      FleetBenchText.print(result, out);
    }
    return 0;
  }

  private BenchmarkPoint run(DispatchPlan plan, Load load) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(parallelism, AksJob.configuration());
    BenchmarkPoint point = new BenchmarkJob(plan, load, requests, seed).run(env);
    spec.commandLine()
        .getErr()
        .printf(
            "%d cards: %d requests in %.2f s (measured)%n",
            point.cards(), point.totals().ended(), point.jobSeconds());
    return point;
  }

  private List<Network> networks() throws IOException {
    Map<String, List<Network.Variant>> variants = new LinkedHashMap<>();
    for (String model : models) {
      int at = model.indexOf('=');
      Graph graph = XModel.read(Path.of(model.substring(at + 1)));
      String name = at < 0 ? graph.name() : model.substring(0, at);
      variants.computeIfAbsent(name, n -> new ArrayList<>()).add(Network.Variant.of(graph));
    }
    List<Network> networks = new ArrayList<>();
    variants.forEach((name, of) -> networks.add(new Network(name, of)));
    return networks;
  }

  private List<Fleet> fleets(List<Network> networks) {
    if (cards.fleet != null) {
      Path file = Path.of(cards.fleet);
      boolean isFile = Files.exists(file) || cards.fleet.contains("/") || cards.fleet.contains(".");
      return List.of(isFile ? FleetFile.read(file) : FleetFile.example(cards.fleet));
    }
    Identical identical = cards.identical;
    DpuTarget target = networks.get(0).variants().get(0).profile().target();
    Platform platform =
        Platforms.builtIn().byName(identical.platform).carrying(target, Targets.builtIn());
    UniformFleet uniform =
        new UniformFleet(
            platform,
            target.fingerprint(),
            identical.units == null ? platform.units() : identical.units,
            identical.perHost,
            identical.threads);
    return identical.counts.stream().map(uniform::of).toList();
  }

  private Load load(List<Network> networks) {
    if (replay != null && rate != null) {
      throw usage("--replay and --rate are two loads, choose one");
    }
    if (replay != null) {
      return Load.Trace.read(replay);
    }
    if (rate != null) {
      return new Load.Open(arrivals, rate);
    }
    int batch =
        networks.stream()
            .flatMap(n -> n.variants().stream())
            .mapToInt(v -> v.profile().target().batch())
            .max()
            .orElseThrow();
    return new Load.Closed(clients * batch);
  }

  private static String describe(Load load) {
    if (load instanceof Load.Closed closed) {
      return closed.perUnit() + " clients a unit";
    }
    return load instanceof Load.Open open
        ? open.shape().name().toLowerCase(Locale.ROOT) + " " + open.perSecond() + "/s"
        : "replayed trace";
  }

  private static void write(Path file, String text) throws IOException {
    if (file != null) {
      Files.writeString(file, text);
    }
  }

  private ParameterException usage(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
