package io.sluice.jobs;

import io.sluice.aks.AksGraph;
import io.sluice.aks.AksReport;
import io.sluice.aks.AksSettings;
import io.sluice.aks.AksTopology;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Clock;
import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.RunnerSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/**
 * Runs a graph of kernels: over the images of a folder, or from a Kafka topic of requests to one of
 * results and one of dead letters. Each request is answered once.
 *
 * @param graph checked
 * @param settings clock, work and fleet
 * @param runners where networks are computed
 */
public record AksJob(AksGraph graph, AksSettings settings, RunnerSource runners) {
  private static final List<String> IMAGES = List.of(".png", ".jpg", ".jpeg", ".bmp", ".gif");
  private static final int MAX_IMAGES = 1_000_000;
  private static final String FOLDER = "input";
  private static final double NS_PER_S = 1e9;
  private static final TypeInformation<Tuple2<String, byte[]>> ANSWER =
      Types.TUPLE(Types.STRING, Types.PRIMITIVE_ARRAY(Types.BYTE));

  /** What Flink needs on one machine for graphs with many subtasks. */
  public static Configuration configuration() {
    Configuration configuration = OcrJob.configuration();
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(128));
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(128));
    return configuration;
  }

  /**
   * The images of a folder, sorted by name; not those of folders in it.
   *
   * @throws SluiceException SLUICE_IO if it cannot be read, SLUICE_USAGE if there are none,
   *     SLUICE_LIMIT if there are too many
   */
  public static List<Path> images(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> images =
          files
              .filter(
                  file ->
                      IMAGES.stream().anyMatch(file.toString().toLowerCase(Locale.ROOT)::endsWith))
              .sorted()
              .limit(MAX_IMAGES + 1)
              .toList();
      if (images.isEmpty() || images.size() > MAX_IMAGES) {
        throw new SluiceException(
            images.isEmpty() ? ErrorCode.SLUICE_USAGE : ErrorCode.SLUICE_LIMIT,
            images.isEmpty() ? "no images" : "more than " + MAX_IMAGES + " images",
            "folder '" + folder + "'",
            "name a folder with images that end in one of " + IMAGES);
      }
      return images;
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO,
          e.getClass().getSimpleName() + ": " + e.getMessage(),
          "folder '" + folder + "'",
          "name a folder of images",
          e);
    }
  }

  /**
   * Runs the graph over images and waits for the end.
   *
   * @param arrivalsMillis when each image is asked for, in virtual time; in paced time all at once
   * @param results gets the request id and record of each answer
   * @param deadLetters gets those of each dead letter
   * @throws SluiceException SLUICE_STAGE_FAILED if the Flink job fails
   */
  public AksReport run(
      StreamExecutionEnvironment env,
      List<Path> images,
      List<Long> arrivalsMillis,
      BiConsumer<String, byte[]> results,
      BiConsumer<String, byte[]> deadLetters)
      throws Exception {
    List<Packet> jobs = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      Path image = images.get(i).toAbsolutePath();
      Origin origin =
          new Origin(
              FOLDER,
              0,
              i,
              image.getFileName().toString(),
              graph.name(),
              arrivalsMillis.get(i),
              Map.of());
      jobs.add(AksTopology.jobOfImage(origin, image.toUri().toString()));
    }
    DataStream<Packet> source =
        env.fromData(jobs, ImmutableTypeInfo.PACKET)
            .setParallelism(1)
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Packet>forMonotonousTimestamps()
                    .withTimestampAssigner(
                        (packet, none) -> packet.origin().createdAtMillis() * 1_000_000))
            .setParallelism(1)
            .rebalance();
    AksTopology.Outputs outputs = AksTopology.ofJobs(source, graph, settings, runners);
    CloseableIterator<Tuple2<String, byte[]>> all =
        outputs
            .results()
            .map(answer -> Tuple2.of("+" + answer.f0, answer.f1), ANSWER)
            .union(outputs.deadLetters().map(d -> Tuple2.of("-" + d.f0, d.f1), ANSWER))
            .collectAsync();
    long begunNs = System.nanoTime();
    JobClient client = env.executeAsync("sluice-aks-" + graph.name());
    boolean ended = false;
    try {
      while (all.hasNext()) {
        Tuple2<String, byte[]> answer = all.next();
        (answer.f0.startsWith("+") ? results : deadLetters)
            .accept(answer.f0.substring(1), answer.f1);
      }
      ended = true;
      Map<String, Object> totals = client.getJobExecutionResult().get().getAllAccumulatorResults();
      return AksReport.of(graph, settings, totals, (System.nanoTime() - begunNs) / NS_PER_S);
    } catch (ExecutionException | RuntimeException e) {
      throw JobFailures.of(e, "graph '" + graph.name() + "'");
    } finally {
      // To close is to cancel the job, of which a local cluster that has ended knows nothing.
      if (!ended) {
        all.close();
      }
    }
  }

  /**
   * Adds the graph to an environment, between topics. Checkpoints every 10 seconds unless the
   * environment says otherwise.
   *
   * @param bounded whether to end at the requests that are there at the start; always in virtual
   *     time
   */
  public void build(StreamExecutionEnvironment env, KafkaTopics topics, boolean bounded) {
    boolean isVirtual = settings.dpu().clock() == Clock.VIRTUAL;
    if (isVirtual && !bounded) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          "virtual time over an endless topic",
          "graph '" + graph.name() + "'",
          "end at the records that are there, or keep pace with the machine's time");
    }
    DataStream<Packet> records =
        OcrJob.requests(
            env, topics, bounded, isVirtual ? VirtualTime.of(0) : WatermarkStrategy.noWatermarks());
    AksTopology.Outputs outputs = AksTopology.ofRecords(records, graph, settings, runners);
    OcrJob.sink(outputs.results(), outputs.deadLetters(), topics);
  }

  /** Runs between topics that end, and waits. */
  public AksReport run(StreamExecutionEnvironment env, KafkaTopics topics) throws Exception {
    build(env, topics, true);
    long begunNs = System.nanoTime();
    try {
      Map<String, Object> totals =
          env.executeAsync("sluice-aks-" + graph.name())
              .getJobExecutionResult()
              .get()
              .getAllAccumulatorResults();
      return AksReport.of(graph, settings, totals, (System.nanoTime() - begunNs) / NS_PER_S);
    } catch (ExecutionException | RuntimeException e) {
      throw JobFailures.of(e, "graph '" + graph.name() + "'");
    }
  }

  /**
   * Runs between topics that go on, in paced time, until the job is cancelled.
   *
   * @throws SluiceException SLUICE_STAGE_FAILED if it fails
   */
  public void serve(StreamExecutionEnvironment env, KafkaTopics topics) throws Exception {
    build(env, topics, false);
    JobFailures.awaitCancelled(
        env.executeAsync("sluice-aks-" + graph.name()), "graph '" + graph.name() + "'");
  }
}
