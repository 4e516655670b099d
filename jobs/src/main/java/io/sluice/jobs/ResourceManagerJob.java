package io.sluice.jobs;

import io.sluice.fleet.Fleet;
import io.sluice.flink.manage.BrokerSettings;
import io.sluice.flink.manage.ManagerStage;
import java.time.Duration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The resource manager of a fleet that several jobs share, as a job of its own: ManagerRequests
 * from a Kafka topic, ManagerReplies to another one, what cannot be read to a third. It keeps pace
 * with the machine's time; the faults of the fleet file happen at their times after the start.
 *
 * @param topics made when they are missing
 * @param fleet the cards
 * @param settings how they are shared
 */
public record ResourceManagerJob(ManagerTopics topics, Fleet fleet, BrokerSettings settings) {
  private static final long CHECKPOINT_MILLIS = Duration.ofSeconds(10).toMillis();

  /**
   * Adds the job to an environment. Without a savepoint nobody holds anything, and what an earlier
   * manager has read is not read again.
   */
  public void build(StreamExecutionEnvironment env) {
    topics.create();
    if (!env.getCheckpointConfig().isCheckpointingEnabled()) {
      env.enableCheckpointing(CHECKPOINT_MILLIS);
    }
    ManagerStage.Outputs outputs =
        ManagerStage.add(ManagerEdges.requests(env, topics.brokers(), "requests"), fleet, settings);
    ManagerEdges.sink(outputs.replies(), topics.brokers(), ManagerTopics.REPLIES, "replies");
    ManagerEdges.sink(
        outputs.deadLetters(), topics.brokers(), ManagerTopics.DEAD_LETTERS, "dead-letters");
  }

  /**
   * Runs until the job is cancelled.
   *
   * @throws io.sluice.error.SluiceException SLUICE_STAGE_FAILED if it fails
   */
  public void serve(StreamExecutionEnvironment env) throws Exception {
    build(env);
    JobFailures.awaitCancelled(
        env.executeAsync("sluice-resource-manager"), "the resource manager of a fleet");
  }
}
