package io.sluice.cli;

import io.sluice.aks.AksGraph;
import io.sluice.aks.AksReport;
import io.sluice.aks.AksSettings;
import io.sluice.aks.InstalledKernels;
import io.sluice.aks.JobContext;
import io.sluice.aks.KernelFiles;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.kernel.ImageLimits;
import io.sluice.dispatch.Policy;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.fleet.Fleet;
import io.sluice.flink.Clock;
import io.sluice.flink.StoredRunners;
import io.sluice.flink.dpu.DpuSettings;
import io.sluice.flink.dpu.UnitChoice;
import io.sluice.flink.manage.ClientSettings;
import io.sluice.flink.wire.Wire;
import io.sluice.jobs.AksJob;
import io.sluice.jobs.Arrivals;
import io.sluice.jobs.FleetOptions;
import io.sluice.jobs.KafkaTopics;
import io.sluice.jobs.ManagerFeed;
import io.sluice.jobs.ManagerTopics;
import io.sluice.report.AksReportJson;
import io.sluice.report.AksReportText;
import io.sluice.report.GraphResultJson;
import io.sluice.schemas.DeadLetter;
import io.sluice.vart.RunnerOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice aks}: a graph of kernels as a Flink job. */
@Command(
    name = "aks",
    description = "Runs a graph of kernels of the AI Kernel Scheduler as a Flink job.",
    footer = {
      "",
      "Answers of a folder go to OUT/results.jsonl and OUT/dead-letters.jsonl if --out names a",
      "folder. The report tells per node what it did, and names the bottleneck.",
      "Exit codes: 0 all jobs ended, as a result or a dead letter; 1 failed; 2 wrong usage."
    })
final class AksCommand implements Callable<Integer> {
  private static final int MAX_SHOWN = 5;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "GRAPH.json", description = "The graph file.")
  private Path graphFile;

  @Option(
      names = "--kernels",
      paramLabel = "DIR",
      description = "Folder of kernel files (default: the kernels as they are installed).")
  private Path kernels;

  @Option(
      names = "--model-root",
      paramLabel = "DIR",
      defaultValue = "${env:AKS_XMODEL_ROOT:-.}",
      description =
          "Folder in which model files are looked for first (default: $AKS_XMODEL_ROOT, or the"
              + " working directory); then beside the graph.")
  private Path modelRoot;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Source source;

  /** Where jobs come from. */
  private static final class Source {
    @Option(names = "--input", paramLabel = "DIR", description = "Folder of images, a job each.")
    private Path input;

    @ArgGroup(exclusive = false)
    private Kafka kafka;
  }

  /** Topics. */
  private static final class Kafka {
    @Option(
        names = "--kafka",
        required = true,
        paramLabel = "BROKERS",
        description = "Bootstrap servers.")
    private String brokers;

    @Option(names = "--in", required = true, paramLabel = "TOPIC", description = "Requests.")
    private String in;

    @Option(
        names = "--dead-letters",
        defaultValue = "sluice-dead-letters",
        paramLabel = "TOPIC",
        description = "Requests that could not be answered (default: ${DEFAULT-VALUE}).")
    private String deadLetters;

    @Option(
        names = "--group",
        defaultValue = "sluice-aks",
        description = "Consumer group (default: ${DEFAULT-VALUE}).")
    private String group;

    @Option(
        names = "--job-name",
        paramLabel = "NAME",
        description =
            "Names the job among all that use these brokers or the manager; one that is started"
                + " again under its name ends what it left open at once (default: the graph's name"
                + " and a random number).")
    private String jobName;
  }

  @Option(
      names = "--out",
      paramLabel = "TOPIC|DIR",
      description = "Topic of the results, with --kafka; folder of the answers, with --input.")
  private String out;

  @Option(
      names = "--endless",
      description = "Go on when the topic's requests are done; the clock is then paced.")
  private boolean endless;

  @Mixin private FleetOptions fleetOptions;

  @Option(
      names = "--manager",
      paramLabel = "BROKERS",
      description =
          "Share the fleet with other jobs: ask the resource manager ('sluice xrm serve') at these"
              + " brokers for units. --fleet names the fleet that it serves. Needs --endless.")
  private String manager;

  @Option(
      names = "--tenant",
      description =
          "On whose account the job asks the resource manager for units, which it shares out among"
              + " accounts (default: the job's own).")
  private String tenant;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description =
          "Which of the units of a queue ('units_per_slot' in the graph) begins a batch:"
              + " round-robin, least-loaded, earliest-finish or earliest-deadline (default: the"
              + " fastest that is free).")
  private String policy;

  @Option(
      names = "--rate",
      description =
          "Images that arrive in a second of virtual time, on average (default: all at once).")
  private Double rate;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of the times at which they arrive (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--parallelism",
      description = "No node has more subtasks (default: the num_cu of its kernel).")
  private Integer parallelism;

  @Mixin private FlinkTarget flink;

  @Option(names = "--json", description = "Print the report as JSON and nothing else.")
  private boolean json;

  AksCommand() {}

  @Override
  public Integer call() throws Exception {
    int most = parallelism == null ? KernelSpec.MAX_CU : parallelism;
    if (most < 1 || most > KernelSpec.MAX_CU) {
      throw usage("--parallelism is " + most + ", choose 1 to " + KernelSpec.MAX_CU);
    }
    boolean isVirtual = fleetOptions.settings(!endless).clock() == Clock.VIRTUAL;
    requireMeaning(isVirtual);
    InstalledKernels installed = InstalledKernels.find();
    KernelFiles known =
        kernels == null ? KernelFiles.none(installed) : KernelFiles.read(kernels, installed);
    AksGraph graph = AksGraph.load(graphFile, known, context(), modelRoot);
    Optional<Fleet> fleet = fleetOptions.fleet();
    if (fleet.isEmpty() && graph.needsDpu()) {
      throw usage("the graph has DPU nodes: give --fleet");
    }
    if (policy != null && !graph.needsDpu()) {
      throw usage("--policy chooses units: the graph has no DPU nodes");
    }
    DpuSettings dpu = fleetOptions.settings(!endless);
    if (policy != null) {
      dpu = dpu.with(UnitChoice.of(Policy.of(policy)));
    }
    AksSettings settings = new AksSettings(dpu, fleet, most);
    String jobName = jobName(graph);
    if (manager != null) {
      if (!endless || fleet.isEmpty()) {
        throw usage("--manager needs --endless and --fleet: jobs that go on share a fleet");
      }
      ClientSettings asClient =
          new ClientSettings(
              jobName, tenant == null ? jobName : tenant, ClientSettings.STANDARD_TERM_MILLIS);
      settings = settings.sharedBy(new ManagerFeed(new ManagerTopics(manager), asClient));
    }
    AksJob job = new AksJob(graph, settings, new StoredRunners(RunnerOptions.standard()));
    StreamExecutionEnvironment env = flink.environment();
    if (source.kafka == null) {
      print(runFolder(job, env));
      return CommandLine.ExitCode.OK;
    }
    Kafka kafka = source.kafka;
    KafkaTopics topics =
        new KafkaTopics(kafka.brokers, kafka.group, jobName, kafka.in, out, kafka.deadLetters);
    spec.commandLine().getErr().println("job " + jobName);
    if (endless) {
      job.serve(env, topics);
    } else {
      print(job.run(env, topics));
    }
    return CommandLine.ExitCode.OK;
  }

  /** Of this job among all; Flink starts it again under the same one. */
  private String jobName(AksGraph graph) {
    return source.kafka != null && source.kafka.jobName != null
        ? source.kafka.jobName
        : graph.name() + "-" + UUID.randomUUID();
  }

  /** Refuses options that would do nothing. */
  private void requireMeaning(boolean isVirtual) {
    if (source.kafka != null && out == null) {
      throw usage("--kafka needs --out, the topic of the results");
    }
    if (source.kafka == null && endless) {
      throw usage("--endless is for --kafka: a folder ends");
    }
    if (endless && isVirtual) {
      throw usage("--endless needs --clock paced: virtual time is for input that ends");
    }
    if (tenant != null && manager == null) {
      throw usage("--tenant needs --manager: a fleet of its own is shared with nobody");
    }
    if (rate != null && source.kafka != null) {
      throw usage("--rate is for --input: requests of a topic arrive when they were made");
    }
    if (rate != null && !isVirtual) {
      throw usage("--rate needs --clock virtual: in paced time all images are there at once");
    }
  }

  private ParameterException usage(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private JobContext context() {
    List<String> roots =
        source.input == null
            ? List.of()
            : List.of(source.input.toAbsolutePath().toUri().toString());
    Path parent = graphFile.toAbsolutePath().getParent();
    return new JobContext(
        roots,
        ImageLimits.standard().maxEncodedBytes(),
        parent.toUri().toString(),
        source.input == null ? null : out);
  }

  private AksReport runFolder(AksJob job, StreamExecutionEnvironment env) throws Exception {
    List<Path> images = AksJob.images(source.input);
    List<Long> arrivals =
        rate == null
            ? Collections.nCopies(images.size(), 0L)
            : Arrivals.poisson(images.size(), rate, seed);
    List<String> reasons = new ArrayList<>();
    Wire<DeadLetter> wire = Wire.deadLetters();
    PrintWriter err = spec.commandLine().getErr();
    AksReport report;
    try (Lines results = new Lines("results.jsonl");
        Lines deadLetters = new Lines("dead-letters.jsonl")) {
      BiConsumer<String, byte[]> taker =
          (id, record) -> results.write(GraphResultJson.of(id, record));
      report =
          job.run(
              env,
              images,
              arrivals,
              taker,
              (id, record) -> {
                DeadLetter letter = wire.decode(record, id);
                deadLetters.write(GraphResultJson.of(letter));
                if (reasons.size() < MAX_SHOWN) {
                  reasons.add(id + ": " + letter.getCode() + ": " + letter.getThing());
                }
              });
    }
    reasons.forEach(reason -> err.println("dead letter " + reason));
    return report;
  }

  private void print(AksReport report) {
    PrintWriter printer = spec.commandLine().getOut();
    boolean modelled = fleetOptions.settings(!endless).clock() == Clock.VIRTUAL;
    if (json) {
      printer.println(AksReportJson.of(report, modelled, seed).toPrettyString());
    } else {
      AksReportText.print(report, modelled, printer);
    }
  }

  /** A file of lines below the output folder, or none. */
  private final class Lines implements AutoCloseable {
    private final PrintWriter writer;

    Lines(String name) throws IOException {
      if (out == null) {
        writer = null;
        return;
      }
      Path folder = Files.createDirectories(Path.of(out));
      writer = new PrintWriter(Files.newBufferedWriter(folder.resolve(name)));
    }

    void write(String line) {
      if (writer != null) {
        writer.println(line);
      }
    }

    @Override
    public void close() {
      if (writer != null) {
        writer.close();
        if (writer.checkError()) {
          throw new SluiceException(
              ErrorCode.SLUICE_IO, "the answers cannot be written", out, "check the space on it");
        }
      }
    }
  }
}
