package io.sluice.jobs;

import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.Packet;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The Kafka sources and sinks between clients and the resource manager. They deliver at least once
 * and at once: requests are known by their ids and replies by epoch and sequence, so nothing has to
 * wait for a checkpoint.
 */
final class ManagerEdges {
  private ManagerEdges() {}

  /** The records of a topic in order. */
  static DataStream<Packet> source(
      StreamExecutionEnvironment env,
      String brokers,
      String topic,
      OffsetsInitializer from,
      String name) {
    KafkaSource<Packet> source =
        KafkaSource.<Packet>builder()
            .setBootstrapServers(brokers)
            .setTopics(topic)
            .setStartingOffsets(from)
            .setDeserializer(new KafkaEdges.RawRecords())
            .build();
    return env.fromSource(source, WatermarkStrategy.noWatermarks(), name, ImmutableTypeInfo.PACKET)
        .uid(name)
        .setParallelism(1);
  }

  /** Writes records by key. */
  static void sink(
      DataStream<Tuple2<String, byte[]>> records, String brokers, String topic, String name) {
    KafkaSink<Tuple2<String, byte[]>> sink =
        KafkaSink.<Tuple2<String, byte[]>>builder()
            .setBootstrapServers(brokers)
            .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
            .setRecordSerializer(new KafkaEdges.Answers(topic))
            .build();
    records.sinkTo(sink).name(name).uid(name).setParallelism(1);
  }
}
