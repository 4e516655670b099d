package io.sluice.jobs;

import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.Packet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The Kafka source and sinks of a job: raw records in, encoded answers out exactly once. */
final class KafkaEdges {
  /** Below the broker's default maximum of 15 minutes; the connector's own default is above it. */
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(10);

  private static final int MAX_ANSWER_BYTES = 16 << 20;

  private KafkaEdges() {}

  /**
   * Reads committed requests from the group's offsets, or from the beginning.
   *
   * @param bounded whether to end at the records that are there when the job starts
   */
  static KafkaSource<Packet> source(KafkaTopics topics, boolean bounded) {
    var builder =
        KafkaSource.<Packet>builder()
            .setBootstrapServers(topics.brokers())
            .setGroupId(topics.group())
            .setTopics(topics.requests())
            .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
            .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
            .setDeserializer(new RawRecords());
    if (bounded) {
      builder.setBounded(OffsetsInitializer.latest());
    }
    return builder.build();
  }

  /**
   * Writes answers, keyed by request id, in transactions that a checkpoint commits.
   *
   * @param transactionalIdPrefix unique among the sinks that write to these brokers
   */
  static KafkaSink<Tuple2<String, byte[]>> sink(
      String brokers, String topic, String transactionalIdPrefix) {
    return KafkaSink.<Tuple2<String, byte[]>>builder()
        .setBootstrapServers(brokers)
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix(transactionalIdPrefix)
        .setProperty(
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            Long.toString(TRANSACTION_TIMEOUT.toMillis()))
        .setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(MAX_ANSWER_BYTES))
        .setRecordSerializer(new Answers(topic))
        .build();
  }

  static final class RawRecords implements KafkaRecordDeserializationSchema<Packet> {
    private static final long serialVersionUID = 1L;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Packet> out) {
      out.collect(
          Packet.ofRecord(record.topic(), record.partition(), record.offset(), record.value()));
    }

    @Override
    public TypeInformation<Packet> getProducedType() {
      return ImmutableTypeInfo.PACKET;
    }
  }

  record Answers(String topic) implements KafkaRecordSerializationSchema<Tuple2<String, byte[]>> {
    @Override
    public ProducerRecord<byte[], byte[]> serialize(
        Tuple2<String, byte[]> answer, KafkaSinkContext context, Long timestamp) {
      return new ProducerRecord<>(topic, answer.f0.getBytes(StandardCharsets.UTF_8), answer.f1);
    }
  }
}
