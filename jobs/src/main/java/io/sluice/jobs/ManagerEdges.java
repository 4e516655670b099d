package io.sluice.jobs;

import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.Packet;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/**
 * The Kafka sources and sinks between clients and the resource manager. They deliver at least once
 * and at once: requests are known by their ids and replies by epoch and sequence, so nothing has to
 * wait for a checkpoint.
 */
final class ManagerEdges {
  private ManagerEdges() {}

  /** What the manager says from now on, in order. */
  static DataStream<Packet> replies(StreamExecutionEnvironment env, String brokers, String name) {
    return source(
        env,
        from(brokers, ManagerTopics.REPLIES).setStartingOffsets(OffsetsInitializer.latest()),
        name);
  }

  /**
   * What the manager is asked, in order: after what it has read as of its last checkpoint, also
   * when it is started anew; by the first one ever, from now on.
   */
  static DataStream<Packet> requests(StreamExecutionEnvironment env, String brokers, String name) {
    return source(
        env,
        from(brokers, ManagerTopics.REQUESTS)
            .setGroupId(ManagerTopics.GROUP)
            .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.LATEST)),
        name);
  }

  private static KafkaSourceBuilder<Packet> from(String brokers, String topic) {
    return KafkaSource.<Packet>builder()
        .setBootstrapServers(brokers)
        .setTopics(topic)
        .setDeserializer(new KafkaEdges.RawRecords());
  }

  private static DataStream<Packet> source(
      StreamExecutionEnvironment env, KafkaSourceBuilder<Packet> source, String name) {
    return env.fromSource(
            source.build(), WatermarkStrategy.noWatermarks(), name, ImmutableTypeInfo.PACKET)
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
