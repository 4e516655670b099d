package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.flink.wire.Wire;
import io.sluice.jobs.Arrivals;
import io.sluice.jobs.KafkaTopics;
import io.sluice.jobs.RequestSender;
import io.sluice.jobs.demo.EmbeddedKafka;
import io.sluice.schemas.InferenceRequest;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice aks} on a cluster that is there already, over a topic that goes on. */
@Tag("slow")
class AksServingTest {
  private static final int IMAGES = 5;
  private static final String GRAPH =
      """
      {"graph_name": "shrink", "node_list": [
        {"node_name": "preproc", "node_params": {"ClassificationImreadPreProcess":
          {"net_w": 8, "net_h": 8, "mean": [0, 0, 0], "output_layout": "NHWC"}}}]}""";

  @TempDir private static Path folder;
  private static Path graph;
  private static Path images;
  private static MiniCluster cluster;
  private static String jobManager;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void startClusterAndMakeImages() throws Exception {
    graph = Files.writeString(folder.resolve("shrink.json"), GRAPH);
    images = Files.createDirectories(folder.resolve("images"));
    for (int i = 0; i < IMAGES; i++) {
      BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
      image.setRGB(i, i, 0xFFFFFF);
      ImageIO.write(image, "png", images.resolve(i + ".png").toFile());
    }
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.BIND_PORT, "0");
    configuration.set(RestOptions.ADDRESS, "localhost");
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32));
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(2)
                .build());
    cluster.start();
    URI rest = cluster.getRestAddress().get();
    jobManager = rest.getHost() + ":" + rest.getPort();
  }

  @AfterAll
  static void stopCluster() throws Exception {
    cluster.close();
  }

  private int aks(Object... args) {
    List<String> all = new ArrayList<>(List.of("aks", graph.toString(), "--parallelism", "2"));
    for (Object arg : args) {
      all.add(arg.toString());
    }
    return Main.run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
  }

  @Test
  void aClusterRunsAFolderWhoseImagesArriveAtARate() throws Exception {
    assertThat(
            aks(
                "--input",
                images,
                "--jobmanager",
                jobManager,
                "--rate",
                "20",
                "--seed",
                "7",
                "--json"))
        .as(err.toString())
        .isZero();

    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.get("results").asInt()).isEqualTo(IMAGES);
    List<Long> arrivals = Arrivals.poisson(IMAGES, 20, 7);
    double seconds = (arrivals.get(IMAGES - 1) - arrivals.get(0)) / 1e3;
    assertThat(report.get("throughputPerSecond").asDouble())
        .isEqualTo(Math.round(IMAGES / seconds * 1e6) / 1e6);
    assertThat(report.get("seed").asLong()).isEqualTo(7);
    assertThat(jobs())
        .anyMatch(
            job ->
                job.getJobName().equals("sluice-aks-shrink")
                    && job.getJobState() == JobStatus.FINISHED);
  }

  @Test
  void anEndlessTopicIsServedUntilTheJobIsCancelled() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopics(Map.of("in", 1, "out", 1, "dead", 1));
      CompletableFuture<Integer> exit =
          CompletableFuture.supplyAsync(
              () ->
                  aks(
                      "--kafka",
                      kafka.brokers(),
                      "--in",
                      "in",
                      "--out",
                      "out",
                      "--dead-letters",
                      "dead",
                      "--endless",
                      "--jobmanager",
                      jobManager));
      KafkaTopics topics = new KafkaTopics(kafka.brokers(), "test", "in", "out", "dead");
      try (RequestSender sender = new RequestSender(topics, 1 << 20);
          KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
        for (int i = 0; i < IMAGES; i++) {
          sender.send(
              InferenceRequest.newBuilder()
                  .setId("image-" + i)
                  .setPipeline("shrink")
                  .setImage(ByteBuffer.wrap(Files.readAllBytes(images.resolve(i + ".png"))))
                  .build());
          sender.flush();
          // The job goes on after each answer.
          assertThat(next(consumer)).isEqualTo("image-" + i);
        }
      }
      assertThat(exit).as(err.toString()).isNotDone();
      for (JobStatusMessage job : jobs()) {
        if (!job.getJobState().isTerminalState()) {
          cluster.cancelJob(job.getJobId()).get();
        }
      }
      assertThat(exit.get(60, TimeUnit.SECONDS)).as(err.toString()).isZero();
    }
  }

  private static List<JobStatusMessage> jobs() throws Exception {
    return List.copyOf(cluster.listJobs().get());
  }

  /** Sees what is not committed too, which would take until the next checkpoint. */
  private static KafkaConsumer<byte[], byte[]> consumer(EmbeddedKafka kafka) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.brokers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                "look",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                1,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.subscribe(List.of("out"));
    return consumer;
  }

  private static String next(KafkaConsumer<byte[], byte[]> consumer) {
    return IntStream.range(0, 300)
        .mapToObj(look -> consumer.poll(Duration.ofMillis(200)))
        .filter(records -> !records.isEmpty())
        .findFirst()
        .map(records -> Wire.graphResults().decode(records.iterator().next().value(), "test"))
        .orElseThrow()
        .getRequestId();
  }

  @Test
  void optionsThatWouldDoNothingAreWrongUsage() {
    assertThat(aks("--input", images, "--endless")).isEqualTo(2);
    assertThat(aks("--input", images, "--rate", "5", "--clock", "paced")).isEqualTo(2);
    assertThat(aks("--input", images, "--jobmanager", "nowhere")).isEqualTo(2);
    String[] topics = {"--kafka", "localhost:1", "--in", "in", "--out", "out"};
    assertThat(aks((Object[]) with(topics, "--rate", "5"))).isEqualTo(2);
    assertThat(aks((Object[]) with(topics, "--endless", "--clock", "virtual"))).isEqualTo(2);
  }

  private static String[] with(String[] args, String... more) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
