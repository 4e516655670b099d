/** Avro records to and from the bytes in Kafka. No Kafka client lives here. */
package io.sluice.flink.wire;
