package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.aks.AksGraph;
import io.sluice.flink.wire.Wire;
import io.sluice.jobs.KafkaTopics;
import io.sluice.jobs.RequestSender;
import io.sluice.jobs.demo.EmbeddedKafka;
import io.sluice.schemas.InferenceRequest;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A published chain, with the orientation network as its classifier, from the command line. */
@Tag("slow")
class AksCommandTest {
  private static final int IMAGES = 10;

  @TempDir private static Path folder;
  private static Path images;
  private static Path graph;
  private static Path graphOfRequests;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void makeModelGraphAndImages() throws Exception {
    Classifier.compile(folder.resolve("models"));
    graph = folder.resolve("classification.json");
    try (InputStream in =
        AksGraph.class.getResourceAsStream("/io/sluice/aks/graphs/classification.json")) {
      Files.copy(in, graph);
    }
    graphOfRequests = withoutAccuracy(graph);
    images = Files.createDirectories(folder.resolve("images"));
    StringBuilder gold = new StringBuilder();
    for (int i = 0; i < IMAGES; i++) {
      BufferedImage image = new BufferedImage(192, 48, BufferedImage.TYPE_INT_RGB);
      for (int x = 0; x < 192; x++) {
        image.setRGB(x, i, 0xFFFFFF & (x * 1_001 * (i + 1)));
      }
      ImageIO.write(image, "png", images.resolve("image" + i + ".png").toFile());
      gold.append("image").append(i).append(".png ").append(i % 2).append('\n');
    }
    Files.writeString(folder.resolve("gold.txt"), gold);
    Files.write(images.resolve("broken.png"), new byte[] {1, 2, 3});
  }

  /** Requests bring their image along, so there is no file by whose name to judge the class. */
  private static Path withoutAccuracy(Path graph) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = (ObjectNode) mapper.readTree(graph.toFile());
    ArrayNode nodes = (ArrayNode) root.get("node_list");
    nodes.remove(nodes.size() - 1);
    ((ObjectNode) nodes.get(nodes.size() - 1)).remove("next_node");
    return Files.writeString(graph.resolveSibling("requests.json"), root.toPrettyString());
  }

  private static int run(StringWriter out, StringWriter err, Object... args) {
    String[] strings = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      strings[i] = args[i].toString();
    }
    return Main.run(new PrintWriter(out), new PrintWriter(err), strings);
  }

  private int aks(Object... more) {
    return aksOf(graph, more);
  }

  private int aksOf(Path graph, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "aks",
                graph,
                "--model-root",
                folder.resolve("models"),
                "--fleet",
                "two-zcu102",
                "--parallelism",
                "2"));
    args.addAll(List.of(more));
    return run(out, err, args.toArray());
  }

  @Test
  void everyImageOfAFolderIsAnsweredOrADeadLetterAndTheReportNamesTheBottleneck() throws Exception {
    Path answers = folder.resolve("answers");
    assertThat(aks("--input", images, "--out", answers, "--json")).as(err.toString()).isZero();

    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.get("jobs").asInt()).isEqualTo(IMAGES + 1);
    assertThat(report.get("results").asInt()).isEqualTo(IMAGES);
    assertThat(report.get("deadLetters").asInt()).isEqualTo(1);
    assertThat(report.get("throughputPerSecond").asDouble()).isPositive();
    assertThat(report.get("modelled").get("throughputPerSecond").asBoolean()).isTrue();
    assertThat(report.get("latencyMs").get("p50").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(report.get("latencyMs").get("p99").asDouble());
    assertThat(report.get("nodes")).hasSize(4);
    assertThat(report.get("nodes").get(1).get("jobs").asInt()).isEqualTo(IMAGES);
    assertThat(report.get("nodes").get(3).get("report").get(0).asText()).isNotBlank();
    assertThat(report.get("bottleneck").get("node").asText()).isNotBlank();
    assertThat(Files.readAllLines(answers.resolve("results.jsonl"))).hasSize(IMAGES);
    JsonNode letter =
        new ObjectMapper().readTree(Files.readString(answers.resolve("dead-letters.jsonl")));
    assertThat(letter.get("node").asText()).isEqualTo("preproc");
    assertThat(letter.get("kernel").asText()).isEqualTo("ClassificationImreadPreProcess");
    assertThat(letter.get("code").asText()).startsWith("SLUICE_IMAGE");
  }

  @Test
  void peopleGetATableInPacedTimeToo() {
    assertThat(aks("--input", images, "--clock", "paced")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("bottleneck: ", "resnet50_fpga", "measured", "modelled");
    assertThat(err.toString()).contains("dead letter broken.png: SLUICE_IMAGE");
  }

  @Test
  void requestsOfATopicAreAnsweredToAnother() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopics(Map.of("requests", 2, "results", 1, "dead", 1));
      KafkaTopics topics = new KafkaTopics(kafka.brokers(), "test", "requests", "results", "dead");
      try (RequestSender sender = new RequestSender(topics, 1 << 20)) {
        for (int i = 0; i < IMAGES; i++) {
          byte[] image = Files.readAllBytes(images.resolve("image" + i + ".png"));
          sender.send(
              InferenceRequest.newBuilder()
                  .setId("image" + i + ".png")
                  .setPipeline("resnet50")
                  .setImage(ByteBuffer.wrap(image))
                  .setCreatedAtMillis(1 + i)
                  .build());
        }
        sender.send(new byte[] {1});
        sender.flush();
      }
      assertThat(
              aksOf(
                  graphOfRequests,
                  "--kafka",
                  kafka.brokers(),
                  "--in",
                  "requests",
                  "--out",
                  "results",
                  "--dead-letters",
                  "dead",
                  "--json"))
          .as(err.toString())
          .isZero();
      assertThat(new ObjectMapper().readTree(out.toString()).get("results").asInt())
          .isEqualTo(IMAGES);
      try (KafkaConsumer<byte[], byte[]> consumer =
          new KafkaConsumer<>(
              Map.of(
                  ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.brokers(),
                  ConsumerConfig.GROUP_ID_CONFIG, "look",
                  ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                  ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer())) {
        consumer.subscribe(List.of("results", "dead"));
        List<String> ids = new ArrayList<>();
        int dead = 0;
        for (int look = 0; look < 100 && ids.size() + dead < IMAGES + 1; look++) {
          for (var record : consumer.poll(Duration.ofMillis(200))) {
            if (record.topic().equals("dead")) {
              dead++;
            } else {
              ids.add(Wire.graphResults().decode(record.value(), "test").getRequestId());
            }
          }
        }
        assertThat(ids).hasSize(IMAGES).doesNotHaveDuplicates();
        assertThat(dead).isEqualTo(1);
      }
    }
  }

  @Test
  void byEarliestFinishOverAMixedRackTheAnswersAreTheSameWhateverTheParallelism() throws Exception {
    List<String> one = answersOfMixedRack("earliest-finish", 1);
    assertThat(one).hasSize(IMAGES + 1);
    assertThat(answersOfMixedRack("earliest-finish", 2)).isEqualTo(one);
    assertThat(answersOfMixedRack("earliest-finish", 4)).isEqualTo(one);
    assertThat(answersOfMixedRack("round-robin", 1)).as("with other finishes").isNotEqualTo(one);
  }

  /** Of four queues with units of 281 and of 300 MHz, in virtual time. */
  private List<String> answersOfMixedRack(String policy, int parallelism) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = (ObjectNode) mapper.readTree(graphOfRequests.toFile());
    ObjectNode dpu = (ObjectNode) root.get("node_list").get(1);
    ((ObjectNode) dpu.get("node_params").get("DPURunner")).remove("num_runners");
    dpu.putObject("sluice").putObject("dpu").put("units_per_slot", 4);
    Path queues = Files.writeString(folder.resolve("queues.json"), root.toPrettyString());
    Path answers = folder.resolve(policy + "-" + parallelism);
    assertThat(
            run(
                out,
                err,
                "aks",
                queues,
                "--model-root",
                folder.resolve("models"),
                "--input",
                images,
                "--out",
                answers,
                "--fleet",
                "mixed-rack",
                "--policy",
                policy,
                "--parallelism",
                parallelism,
                "--rate",
                100,
                "--seed",
                5))
        .as(err.toString())
        .isZero();
    List<String> lines = new ArrayList<>(Files.readAllLines(answers.resolve("results.jsonl")));
    lines.addAll(Files.readAllLines(answers.resolve("dead-letters.jsonl")));
    return lines.stream().sorted().toList();
  }

  @Test
  void wrongUsageIsToldInOneLine() throws Exception {
    assertThat(run(out, err, "aks", graph)).isEqualTo(2);
    Path models = folder.resolve("models");
    assertThat(run(out, err, "aks", graph, "--input", images, "--model-root", models)).isEqualTo(2);
    assertThat(aks("--input", images, "--parallelism", "0")).isEqualTo(2);
    assertThat(aks("--kafka", "b:1", "--in", "x")).isEqualTo(2);
    assertThat(aks("--input", images, "--policy", "batch-affinity")).isOne();
    assertThat(err.toString()).contains("SLUICE_USAGE", "policy 'batch-affinity'");
    Path broken = Files.writeString(folder.resolve("broken.json"), "{\"graph_name\": 1}");
    err.getBuffer().setLength(0);
    assertThat(run(out, err, "aks", broken, "--input", images)).isOne();
    assertThat(err.toString())
        .startsWith("SLUICE_GRAPH_FIELD_TYPE")
        .contains("broken.json", "$.graph_name")
        .hasLineCount(1);
  }
}
