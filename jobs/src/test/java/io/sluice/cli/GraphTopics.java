package io.sluice.cli;

import io.sluice.flink.wire.Wire;
import io.sluice.jobs.KafkaTopics;
import io.sluice.jobs.RequestSender;
import io.sluice.jobs.demo.EmbeddedKafka;
import io.sluice.schemas.InferenceRequest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The topics of a served graph: its requests, and what a reader of committed answers sees. */
final class GraphTopics implements AutoCloseable {
  private final KafkaTopics topics;
  private final RequestSender sender;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<String> answered = new ArrayList<>();
  private final List<String> dead = new ArrayList<>();
  private int sent;

  /** Makes the topics of a name. */
  GraphTopics(EmbeddedKafka kafka, String name) throws Exception {
    topics = new KafkaTopics(kafka.brokers(), name, name + "-in", name + "-out", name + "-dead");
    kafka.createTopics(Map.of(topics.requests(), 2, topics.results(), 1, topics.deadLetters(), 1));
    sender = new RequestSender(topics, 1 << 20);
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.brokers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        List.of(
            new TopicPartition(topics.results(), 0), new TopicPartition(topics.deadLetters(), 0));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** {@code sluice aks} between these topics, on units of a manager, with the usual group. */
  Object[] command(Path graph, Path models, String fleet) {
    return new Object[] {
      "aks",
      graph,
      "--model-root",
      models,
      "--fleet",
      fleet,
      "--work",
      "TIMING",
      "--parallelism",
      1,
      "--kafka",
      topics.brokers(),
      "--in",
      topics.requests(),
      "--out",
      topics.results(),
      "--dead-letters",
      topics.deadLetters(),
      "--endless",
      "--manager",
      topics.brokers()
    };
  }

  /** Sends the next request. */
  void send(byte[] image) {
    sender.send(
        InferenceRequest.newBuilder()
            .setId(id(sent++))
            .setPipeline("resnet50")
            .setImage(ByteBuffer.wrap(image))
            .build());
    sender.flush();
  }

  private static String id(int number) {
    return "r%05d".formatted(number);
  }

  /** The ids of all requests sent. */
  List<String> sent() {
    return IntStream.range(0, sent).mapToObj(GraphTopics::id).toList();
  }

  /** Takes what is committed, and says whether that is as much as was asked, or more. */
  boolean isAnswered() {
    for (var record : consumer.poll(Duration.ofMillis(50))) {
      if (record.topic().equals(topics.results())) {
        answered.add(Wire.graphResults().decode(record.value(), "test").getRequestId());
      } else {
        dead.add(Wire.deadLetters().decode(record.value(), "test").toString());
      }
    }
    return answered.size() + dead.size() >= sent;
  }

  List<String> answered() {
    return answered;
  }

  List<String> dead() {
    return dead;
  }

  @Override
  public void close() {
    sender.close();
    consumer.close();
  }
}
