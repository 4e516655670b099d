package io.sluice.cli;

import io.sluice.dispatch.DispatchPlan;
import io.sluice.dispatch.DispatchSettings;
import io.sluice.dispatch.Network;
import io.sluice.dispatch.Policy;
import io.sluice.jobs.AksJob;
import io.sluice.jobs.bench.BenchmarkPoint;
import io.sluice.jobs.bench.BenchmarkResult;
import io.sluice.jobs.bench.FleetSweep;
import io.sluice.jobs.bench.Load;
import io.sluice.jobs.bench.NetworkFiles;
import io.sluice.jobs.bench.RateSearch;
import io.sluice.report.FleetBenchJson;
import io.sluice.report.FleetBenchText;
import io.sluice.report.ScalingPlot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice bench fleet}: how throughput and latency grow with the number of cards. */
@Command(
    name = "fleet",
    description =
        "Load a simulated fleet: throughput, latencies, what is busy, what bounds. All times are"
            + " modelled; the throughput without the bottleneck is an estimate. The speed of the"
            + " scheduler itself is measured. Dispatchers own the cards of their hosts: no leases.")
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
  private BenchFleetCards cards;

  @Mixin private BenchFleetLoad load;

  @Option(
      names = "--p99-ms",
      paramLabel = "MS",
      description =
          "Look, to within 2%, for the highest rate of an open load with this 99th percentile of"
              + " the latency.")
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
      description =
          "About so many are measured in each run, after a warm-up of three tenths of the time"
              + " (${DEFAULT-VALUE}).")
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
    Load asked = load.load(spec.commandLine());
    List<Network> networks = NetworkFiles.read(models);
    DispatchSettings settings =
        DispatchSettings.of(Policy.of(policy))
            .withHostNs(Math.round(hostUs * US_TO_NS))
            .withDeadlinesNs(deadlinesMs.stream().map(ms -> Math.round(ms * 1e6)).toList());
    FleetSweep sweep =
        new FleetSweep(
            cards.fleets(networks.get(0)).stream()
                .map(fleet -> new DispatchPlan(fleet, networks, settings, !oneDispatcher))
                .toList(),
            asked,
            Optional.ofNullable(p99Ms).map(RateSearch::new),
            load.arrivals(),
            requests,
            seed);
    BenchmarkResult result = sweep.run(cards.text(), this::environment, this::tell);
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

  private StreamExecutionEnvironment environment() {
    return StreamExecutionEnvironment.createLocalEnvironment(parallelism, AksJob.configuration());
  }

  private void tell(BenchmarkPoint point) {
    spec.commandLine()
        .getErr()
        .printf(
            "%d cards: %d requests in %.2f s (measured)%n",
            point.cards(), point.totals().ended(), point.jobSeconds());
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
