package io.sluice.jobs;

import io.sluice.flink.wire.Wire;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.InferenceResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Collects committed answers from the beginning of both topics. What a transaction wrote that was
 * not committed is not seen. For one thread.
 */
public final class AnswerReader implements AutoCloseable {
  private final KafkaTopics topics;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Wire<InferenceResult> resultWire = Wire.results();
  private final Wire<DeadLetter> deadLetterWire = Wire.deadLetters();
  private final List<InferenceResult> results = new ArrayList<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private long lastTimestampMillis;

  /** Opens a reader; the topics exist already. */
  public AnswerReader(KafkaTopics topics) {
    this.topics = topics;
    Map<String, Object> properties = new HashMap<>();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, topics.brokers());
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    this.consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        Stream.of(topics.results(), topics.deadLetters())
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Waits for more answers, so long at most, and takes what is there. */
  public void poll(Duration wait) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
      String place = record.topic() + "-" + record.partition() + "-" + record.offset();
      if (record.topic().equals(topics.results())) {
        results.add(resultWire.decode(record.value(), place));
      } else {
        deadLetters.add(deadLetterWire.decode(record.value(), place));
      }
      lastTimestampMillis = Math.max(lastTimestampMillis, record.timestamp());
    }
  }

  /** How many answers were seen. */
  public int count() {
    return results.size() + deadLetters.size();
  }

  /** The results seen, in the order of their topic. */
  public List<InferenceResult> results() {
    return List.copyOf(results);
  }

  /** The dead letters seen, in the order of their topic. */
  public List<DeadLetter> deadLetters() {
    return List.copyOf(deadLetters);
  }

  /** When the latest answer seen was written, since the epoch; 0 when none was. */
  public long lastTimestampMillis() {
    return lastTimestampMillis;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
