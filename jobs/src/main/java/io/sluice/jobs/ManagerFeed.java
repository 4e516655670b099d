package io.sluice.jobs;

import io.sluice.flink.manage.ClientSettings;
import io.sluice.flink.manage.LeaseClient;
import io.sluice.flink.xrm.LeaseFeed;
import io.sluice.xrm.Demand;
import io.sluice.xrm.LeaseUpdate;
import java.util.List;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Units from the resource manager that jobs share, through Kafka.
 *
 * @param topics where it is
 * @param settings who asks
 */
public record ManagerFeed(ManagerTopics topics, ClientSettings settings) implements LeaseFeed {
  @Override
  public DataStream<LeaseUpdate> leases(StreamExecutionEnvironment env, List<Demand> demands) {
    LeaseClient.Outputs client =
        LeaseClient.add(
            ManagerEdges.replies(env, topics.brokers(), "manager-replies"), settings, demands);
    ManagerEdges.sink(
        client.requests(), topics.brokers(), ManagerTopics.REQUESTS, "manager-requests");
    return client.leases();
  }
}
