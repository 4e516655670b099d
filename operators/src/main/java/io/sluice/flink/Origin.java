package io.sluice.flink;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Where a packet comes from: the record of the request, and what the request says about itself.
 *
 * @param topic topic of the record
 * @param partition partition of the record
 * @param offset offset of the record
 * @param requestId the id that the sender gave, or {@link #position} until it is known
 * @param pipeline what is asked for; empty until it is known
 * @param createdAtMillis when the request was made, since the epoch; 0 when unknown
 * @param attributes handed through to the answer, sorted by name
 */
public record Origin(
    String topic,
    int partition,
    long offset,
    String requestId,
    String pipeline,
    long createdAtMillis,
    Map<String, String> attributes) {

  public Origin {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(requestId, "requestId");
    Objects.requireNonNull(pipeline, "pipeline");
    attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
  }

  /** A record of which only its position is known. */
  static Origin of(String topic, int partition, long offset) {
    return new Origin(
        topic, partition, offset, position(topic, partition, offset), "", 0, Map.of());
  }

  /** {@code topic-partition-offset}: unique, whatever the sender calls the request. */
  public String position() {
    return position(topic, partition, offset);
  }

  private static String position(String topic, int partition, long offset) {
    return topic + "-" + partition + "-" + offset;
  }
}
