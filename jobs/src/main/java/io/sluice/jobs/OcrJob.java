package io.sluice.jobs;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.fleet.Fleet;
import io.sluice.flink.Clock;
import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.Packet;
import io.sluice.flink.RunnerSource;
import io.sluice.flink.StoredRunners;
import io.sluice.flink.dpu.DpuPlan;
import io.sluice.flink.ocr.OcrConfig;
import io.sluice.flink.ocr.OcrDpu;
import io.sluice.flink.ocr.OcrModels;
import io.sluice.flink.ocr.OcrTopology;
import io.sluice.vart.RunnerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Reads the text of images: requests from a Kafka topic, results and dead letters to two others,
 * each request answered exactly once. {@link #main} is the entry for a cluster.
 */
@Command(
    name = "ocr-job",
    mixinStandardHelpOptions = true,
    description = "Reads images from a Kafka topic and writes their text to another.")
public final class OcrJob implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(OcrJob.class);

  @Option(names = "--brokers", required = true, description = "Bootstrap servers.")
  private String brokers;

  @Option(names = "--in", defaultValue = "sluice-requests", description = "Topic of requests.")
  private String requests;

  @Option(names = "--out", defaultValue = "sluice-results", description = "Topic of results.")
  private String results;

  @Option(
      names = "--dead-letters",
      defaultValue = "sluice-dead-letters",
      description = "Topic of requests that could not be answered.")
  private String deadLetters;

  @Option(
      names = "--group",
      defaultValue = "sluice",
      description =
          "Consumer group; begins the ids of transactions too, so each job that runs has its own.")
  private String group;

  @Option(
      names = "--models",
      required = true,
      description =
          "Folder of the models, at the same path here and on every task manager;"
              + " what is missing is imported into it.")
  private Path models;

  @Option(
      names = "--image-root",
      description = "Folder, as a URI, below which requests may name images; may be repeated.")
  private List<String> imageRoots = new ArrayList<>();

  @Option(
      names = "--request-schema",
      description = "Avro schema file of another version of the request; may be repeated.")
  private List<Path> requestSchemas = new ArrayList<>();

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Threads of one inference (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(names = "--bounded", description = "End at the requests that are there at the start.")
  private boolean bounded;

  @Mixin private FleetOptions fleetOptions;

  @Option(
      names = "--virtual-start",
      defaultValue = "0",
      paramLabel = "MILLIS",
      description =
          "When virtual time begins, since 1970-01-01T00:00:00Z: the events of the fleet file count"
              + " from then (default: ${DEFAULT-VALUE}).")
  private long virtualStartMillis;

  private OcrJob() {}

  /**
   * Submits the job to the cluster that runs this.
   *
   * @throws SluiceException SLUICE_USAGE if the arguments are wrong
   * @throws Exception why the job could not be made or submitted
   */
  public static void main(String[] args) throws Exception {
    AtomicReference<Exception> thrown = new AtomicReference<>();
    int exitCode =
        new CommandLine(new OcrJob())
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  thrown.set(failure);
                  return CommandLine.ExitCode.SOFTWARE;
                })
            .execute(args);
    if (thrown.get() != null) {
      throw thrown.get();
    }
    if (exitCode != CommandLine.ExitCode.OK) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          "the arguments are wrong",
          "OcrJob",
          "see the message above, or --help");
    }
  }

  @Override
  public Integer call() throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration());
    KafkaTopics topics = new KafkaTopics(brokers, group, requests, results, deadLetters);
    RunnerSource runners = new StoredRunners(new RunnerOptions(threads));
    Optional<Fleet> fleet = fleetOptions.fleet();
    if (fleet.isEmpty()) {
      build(env, topics, config(new OcrModelFiles(models).prepare()), runners, bounded);
    } else {
      OcrModels compiled = CompiledOcrFiles.prepare(models, fleet.get(), 1, LOG::info).models();
      DpuPlan plan = OcrDpu.plan(compiled, fleet.get(), fleetOptions.settings(bounded));
      build(env, topics, config(compiled), runners, bounded, plan, virtualStartMillis);
    }
    env.execute("sluice-ocr");
    return CommandLine.ExitCode.OK;
  }

  private OcrConfig config(OcrModels networks) {
    return OcrConfig.of(networks)
        .withImageRoots(imageRoots)
        .withRequestSchemas(requestSchemas.stream().map(OcrJob::text).toList());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO,
          "the schema of requests cannot be read (" + e + ")",
          file.toString(),
          "name an Avro schema file by --request-schema",
          e);
    }
  }

  /** What the job asks of Flink: no type is left to reflection and Kryo. */
  public static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    return configuration;
  }

  /**
   * Adds the job to an environment. Unless the environment's configuration says how often to
   * checkpoint, and so to commit answers, it is every 10 seconds.
   *
   * @param bounded whether to end at the requests that are there at the start
   */
  public static void build(
      StreamExecutionEnvironment env,
      KafkaTopics topics,
      OcrConfig config,
      RunnerSource runners,
      boolean bounded) {
    DataStream<Packet> requests = requests(env, topics, bounded, WatermarkStrategy.noWatermarks());
    sink(OcrTopology.build(requests, config, runners), topics);
  }

  /**
   * As above, with the networks on the units of a fleet.
   *
   * @param bounded as above; always in virtual time
   * @param virtualStartMillis when virtual time begins, since the epoch
   */
  public static void build(
      StreamExecutionEnvironment env,
      KafkaTopics topics,
      OcrConfig config,
      RunnerSource runners,
      boolean bounded,
      DpuPlan dpu,
      long virtualStartMillis) {
    boolean isVirtual = dpu.settings().clock() == Clock.VIRTUAL;
    if (isVirtual && !bounded) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          "virtual time over an endless topic",
          "OCR job",
          "end at the records that are there, or keep pace with the machine's time");
    }
    DataStream<Packet> requests =
        requests(
            env,
            topics,
            bounded,
            isVirtual ? VirtualTime.of(virtualStartMillis) : WatermarkStrategy.noWatermarks());
    sink(OcrTopology.build(requests, config, runners, dpu), topics);
  }

  /** The records of the request topic, with checkpoints. */
  static DataStream<Packet> requests(
      StreamExecutionEnvironment env,
      KafkaTopics topics,
      boolean bounded,
      WatermarkStrategy<Packet> time) {
    if (!env.getCheckpointConfig().isCheckpointingEnabled()) {
      env.enableCheckpointing(Duration.ofSeconds(10).toMillis(), CheckpointingMode.EXACTLY_ONCE);
    }
    return env.fromSource(
            KafkaEdges.source(topics, bounded), time, "requests", ImmutableTypeInfo.PACKET)
        .uid("requests");
  }

  private static void sink(OcrTopology.Outputs outputs, KafkaTopics topics) {
    sink(outputs.results(), outputs.deadLetters(), topics);
  }

  /** Writes answers to their topics. */
  static void sink(
      DataStream<Tuple2<String, byte[]>> results,
      DataStream<Tuple2<String, byte[]>> deadLetters,
      KafkaTopics topics) {
    results
        .sinkTo(KafkaEdges.sink(topics.brokers(), topics.results(), topics.job() + "-results"))
        .name("results")
        .uid("results");
    deadLetters
        .sinkTo(
            KafkaEdges.sink(topics.brokers(), topics.deadLetters(), topics.job() + "-dead-letters"))
        .name("dead-letters")
        .uid("dead-letters");
  }
}
