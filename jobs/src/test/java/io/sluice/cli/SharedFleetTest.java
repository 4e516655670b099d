package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.error.SluiceException;
import io.sluice.flink.manage.ClientSettings;
import io.sluice.flink.manage.FleetBroker;
import io.sluice.jobs.ManagerClient;
import io.sluice.jobs.ManagerTopics;
import io.sluice.jobs.demo.EmbeddedKafka;
import io.sluice.schemas.ManagerRequest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code sluice aks} jobs with a DPU node on the six units of two boards, which {@code sluice xrm
 * serve} grants them through an embedded Kafka, each on a cluster of its own.
 */
@Tag("slow")
class SharedFleetTest {
  private static final String FLEET = "two-zcu102";
  private static final int UNITS = 6;
  private static final int REQUESTS = 300;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GRAPH =
      """
      {"graph_name": "resnet50", "node_list": [
        {"node_name": "preproc", "next_node": ["scores"], "node_params": {
          "ClassificationImreadPreProcess":
            {"net_w": 192, "net_h": 48, "mean": [104, 107, 123], "output_layout": "NHWC"}}},
        {"node_name": "scores", "next_node": ["post"], "node_params": {
          "DPURunner": {"model_file": "classification.xmodel"}}},
        {"node_name": "post", "node_params": {"classificationPostProcess": {}}}]}""";

  @TempDir private static Path folder;
  private static Path graph;
  private static byte[] image;
  private static EmbeddedKafka kafka;
  private static ServedCommand manager;
  private static ManagerClient client;
  private static int asked;

  @BeforeAll
  static void serve() throws Exception {
    Classifier.compile(folder);
    graph = Files.writeString(folder.resolve("graph.json"), GRAPH);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(192, 48, BufferedImage.TYPE_INT_RGB), "png", png);
    image = png.toByteArray();
    kafka = EmbeddedKafka.start();
    ManagerTopics topics = new ManagerTopics(kafka.brokers());
    topics.create();
    manager = new ServedCommand("xrm", "serve", "--fleet", FLEET, "--kafka", kafka.brokers());
    client = new ManagerClient(topics);
    await(SharedFleetTest::isServed);
  }

  @AfterAll
  static void end() throws Exception {
    assertThat(manager.cancel()).as(manager.said()).isZero();
    client.close();
    manager.close();
    kafka.close();
  }

  /** When all jobs have gone, nothing is granted and nobody waits. */
  @AfterEach
  void noLeaseIsLeft() {
    await(() -> held().isEmpty() && status().get("waiting").asInt() == 0);
    System.out.println("no lease left");
  }

  private static boolean isServed() {
    try {
      return status().get("services").isEmpty();
    } catch (SluiceException e) {
      return false;
    }
  }

  /** Whether a later life of the manager answers. */
  private static boolean isAfter(long epoch) {
    try {
      return status().get("epoch").asLong() > epoch;
    } catch (SluiceException e) {
      return false;
    }
  }

  private static JsonNode status() {
    ManagerRequest request =
        ManagerRequest.newBuilder()
            .setUnits(List.of())
            .setRequestId("status-" + asked++)
            .setClient("test")
            .setName(FleetBroker.STATUS)
            .build();
    try {
      return JSON.readTree(client.ask(request, Duration.ofSeconds(5)).getData());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The units that each job holds; no unit twice. */
  private static TreeMap<String, Set<String>> held() {
    TreeMap<String, Set<String>> held = new TreeMap<>();
    Set<String> all = new HashSet<>();
    for (JsonNode service : status().get("services")) {
      JsonNode unit = service.get("cu").get(0);
      String name = unit.get("card").asText() + "/" + unit.get("cuId").asInt();
      assertThat(all.add(name)).as(name + " is granted once").isTrue();
      held.computeIfAbsent(service.get("client").asText(), job -> new TreeSet<>()).add(name);
    }
    return held;
  }

  private static List<Integer> heldCounts() {
    return held().values().stream().map(Set::size).toList();
  }

  private static void await(BooleanSupplier condition) {
    long endNs = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not within " + PATIENCE).isLessThan(endNs);
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void awaitAnswers(GraphTopics topics) {
    await(topics::isAnswered);
    assertThat(topics.dead()).isEmpty();
    assertThat(topics.answered()).containsExactlyInAnyOrderElementsOf(topics.sent());
  }

  @Test
  void twoJobsOfOneGroupShareTheFleetInHalvesAndTheUnitsOfOneThatIsCancelledServeTheOther()
      throws Exception {
    try (GraphTopics a = new GraphTopics(kafka, "a");
        GraphTopics b = new GraphTopics(kafka, "b");
        ServedCommand first = new ServedCommand(a.command(graph, folder, FLEET));
        ServedCommand second = new ServedCommand(b.command(graph, folder, FLEET))) {
      await(() -> heldCounts().equals(List.of(UNITS / 2, UNITS / 2)));
      for (int i = 0; i < REQUESTS; i++) {
        a.send(image);
        b.send(image);
      }
      awaitAnswers(a);
      awaitAnswers(b);
      assertThat(heldCounts()).containsExactly(UNITS / 2, UNITS / 2);

      assertThat(first.cancel()).as(first.said()).isZero();
      long goneNs = System.nanoTime();
      await(() -> heldCounts().equals(List.of(UNITS)));
      System.out.printf(
          "measured: the units of a cancelled job serve the other after %d ms; the term is %d ms%n",
          (System.nanoTime() - goneNs) / 1_000_000, ClientSettings.STANDARD_TERM_MILLIS);
      for (int i = 0; i < REQUESTS; i++) {
        b.send(image);
      }
      awaitAnswers(b);
      assertThat(heldCounts()).containsExactly(UNITS);
      assertThat(second.cancel()).as(second.said()).isZero();
    }
  }

  @Test
  void aJobAndAManagerThatLoseTheirTaskManagersGoOnWithTheLeasesOfTheJob() throws Exception {
    try (GraphTopics topics = new GraphTopics(kafka, "lossy");
        ServedCommand job = new ServedCommand(topics.command(graph, folder, FLEET))) {
      await(() -> heldCounts().equals(List.of(UNITS)) && manager.hasCheckpoint());
      String name = held().firstKey();
      long epoch = status().get("epoch").asLong();
      for (int i = 0; i < REQUESTS; i++) {
        topics.send(image);
        if (i == REQUESTS / 3) {
          job.loseTaskManager();
        }
        if (i == REQUESTS / 2) {
          manager.loseTaskManager();
        }
      }
      await(() -> isAfter(epoch));
      awaitAnswers(topics);
      await(() -> heldCounts().equals(List.of(UNITS)));
      assertThat(held()).containsOnlyKeys(name);
      assertThat(job.cancel()).as(job.said()).isZero();
    }
  }
}
