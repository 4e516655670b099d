package io.sluice.jobs;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.InferenceRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes requests to their topic, to its partitions in turn. For one thread. */
public final class RequestSender implements AutoCloseable {
  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;
  private final int partitions;
  private final Wire<InferenceRequest> wire = Wire.requests(List.of());
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();

  /**
   * @param maxRecordBytes the longest record that the topic takes
   */
  public RequestSender(KafkaTopics topics, int maxRecordBytes) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, topics.brokers());
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRecordBytes);
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * maxRecordBytes);
    this.topic = topics.requests();
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    this.partitions = producer.partitionsFor(topic).size();
  }

  /** Sends a request; the record has the time at which the request was made, if it says so. */
  public void send(InferenceRequest request) {
    long millis = request.getCreatedAtMillis();
    send(wire.encode(request), millis == 0 ? null : millis);
  }

  /**
   * Sends a record as it is.
   *
   * @param value its bytes, or null for a record without a value
   */
  public void send(byte[] value) {
    send(value, null);
  }

  private void send(byte[] value, Long timestampMillis) {
    int partition = sent.size() % partitions;
    sent.add(producer.send(new ProducerRecord<>(topic, partition, timestampMillis, null, value)));
  }

  /**
   * Waits until all that was sent is in the topic.
   *
   * @throws SluiceException SLUICE_IO if the broker refused a record
   */
  public void flush() {
    producer.flush();
    for (Future<RecordMetadata> record : sent) {
      try {
        record.get();
      } catch (ExecutionException e) {
        throw refused(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw refused(e);
      }
    }
  }

  private SluiceException refused(Throwable cause) {
    return new SluiceException(
        ErrorCode.SLUICE_IO,
        "a request was not taken (" + cause + ")",
        "topic " + topic,
        "check the broker and its limits",
        cause);
  }

  @Override
  public void close() {
    producer.close();
  }
}
