package io.sluice.jobs;

import java.io.Serializable;
import java.util.Objects;

/**
 * Where a job reads and writes.
 *
 * @param brokers bootstrap servers, separated by commas
 * @param group the consumer group whose offsets are committed
 * @param requests topic of InferenceRequests
 * @param results topic of InferenceResults
 * @param deadLetters topic of DeadLetters
 */
public record KafkaTopics(
    String brokers, String group, String requests, String results, String deadLetters)
    implements Serializable {
  public KafkaTopics {
    Objects.requireNonNull(brokers, "brokers");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(requests, "requests");
    Objects.requireNonNull(results, "results");
    Objects.requireNonNull(deadLetters, "deadLetters");
  }
}
