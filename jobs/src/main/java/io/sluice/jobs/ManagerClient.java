package io.sluice.jobs;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.manage.FleetBroker;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Asks the running resource manager and reads what it says from then on. For one thread. */
public final class ManagerClient implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int MAX_BLOCK_MILLIS = 10_000;

  /** Below the term of a manager, after which a client that says nothing waits no more. */
  private static final long RENEWAL_NS = 1_000_000_000;

  private final Wire<ManagerRequest> requests = Wire.managerRequests();
  private final Wire<ManagerReply> replies = Wire.managerReplies();
  private final ManagerTopics topics;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * @throws SluiceException XRM_ERROR_CONNECT_FAIL if the brokers or the topics are not there
   */
  public ManagerClient(ManagerTopics topics) {
    this.topics = topics;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                topics.brokers(),
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                MAX_BLOCK_MILLIS),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                topics.brokers(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                "false",
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                MAX_BLOCK_MILLIS),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    try {
      TopicPartition partition = new TopicPartition(ManagerTopics.REPLIES, 0);
      consumer.assign(List.of(partition));
      consumer.seekToEnd(List.of(partition));
      consumer.position(partition);
    } catch (KafkaException e) {
      close();
      throw unreachable(e.toString(), e);
    }
  }

  /** Sends a request. */
  public void send(ManagerRequest request) {
    send(request.getClient(), requests.encode(request));
  }

  /** Sends a record as it is. */
  public void send(String key, byte[] value) {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>(ManagerTopics.REQUESTS, keyBytes, value));
  }

  /** What the manager has said, to anybody; waits a moment for more. */
  public List<ManagerReply> poll() {
    List<ManagerReply> said = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      said.add(replies.decode(record.value(), record.topic() + "-" + record.offset()));
    }
    return said;
  }

  /**
   * Asks, and waits for the answer; that a request is in the queue is none. Meanwhile the client is
   * heard of once a second.
   *
   * @throws SluiceException XRM_ERROR_CONNECT_FAIL if none comes in time
   */
  public ManagerReply ask(ManagerRequest request, Duration atMost) {
    send(request);
    Predicate<ManagerReply> answers =
        reply ->
            reply.getRequestId().equals(request.getRequestId())
                && reply.getClient().equals(request.getClient())
                && !reply.getStatus().equals("waiting");
    long beginNs = System.nanoTime();
    for (long renewals = 1; System.nanoTime() - beginNs < atMost.toNanos(); ) {
      if (System.nanoTime() - beginNs > renewals * RENEWAL_NS) {
        String id = request.getRequestId() + "-renew-" + renewals++;
        send(
            ManagerRequest.newBuilder()
                .setRequestId(id)
                .setClient(request.getClient())
                .setTenant(request.getTenant())
                .setUnits(List.of())
                .setName(FleetBroker.RENEW)
                .build());
      }
      Optional<ManagerReply> answer = poll().stream().filter(answers).findFirst();
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    throw unreachable("no answer within " + atMost.toSeconds() + " s", null);
  }

  private SluiceException unreachable(String what, Throwable cause) {
    return new SluiceException(
        ErrorCode.XRM_ERROR_CONNECT_FAIL,
        what,
        "resource manager at " + topics.brokers(),
        "start it: sluice xrm serve --fleet FLEET --kafka BROKERS",
        cause);
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }
}
