package io.sluice.jobs;

import java.io.Serializable;
import java.util.Objects;

/**
 * Where a job reads and writes.
 *
 * @param brokers bootstrap servers, separated by commas
 * @param group the consumer group whose offsets are committed
 * @param job begins the ids of the job's transactions: two jobs that run at once and have the same
 *     abort each other's; a job that is started again with the same ends at once what its earlier
 *     life left open, on which readers of committed answers wait
 * @param requests topic of InferenceRequests
 * @param results topic of InferenceResults
 * @param deadLetters topic of DeadLetters
 */
public record KafkaTopics(
    String brokers, String group, String job, String requests, String results, String deadLetters)
    implements Serializable {
  public KafkaTopics {
    Objects.requireNonNull(brokers, "brokers");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(requests, "requests");
    Objects.requireNonNull(results, "results");
    Objects.requireNonNull(deadLetters, "deadLetters");
  }

  /** Of the one job of a group. */
  public KafkaTopics(
      String brokers, String group, String requests, String results, String deadLetters) {
    this(brokers, group, group, requests, results, deadLetters);
  }
}
