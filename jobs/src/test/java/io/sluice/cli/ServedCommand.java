package io.sluice.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/** A command that serves on a cluster of its own, with one task manager of one slot. */
final class ServedCommand implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final StringWriter err = new StringWriter();
  private final MiniCluster cluster;
  private final CompletableFuture<Integer> exit;

  /**
   * @param command its arguments but that for the cluster
   */
  ServedCommand(Object... command) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.BIND_PORT, "0");
    configuration.set(RestOptions.ADDRESS, "localhost");
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(16));
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(16));
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(1)
                .build());
    cluster.start();
    URI rest = cluster.getRestAddress().get();
    List<String> args = new ArrayList<>();
    for (Object arg : command) {
      args.add(arg.toString());
    }
    args.add("--jobmanager");
    args.add(rest.getHost() + ":" + rest.getPort());
    exit =
        CompletableFuture.supplyAsync(
            () ->
                Main.run(
                    new PrintWriter(new StringWriter()),
                    new PrintWriter(err),
                    args.toArray(String[]::new)));
  }

  /** Whether the job runs and a checkpoint of it has completed. */
  boolean hasCheckpoint() {
    try {
      for (JobStatusMessage job : cluster.listJobs().get()) {
        var stats = cluster.getExecutionGraph(job.getJobId()).get().getCheckpointStatsSnapshot();
        if (stats != null && stats.getCounts().getNumberOfCompletedCheckpoints() > 0) {
          return true;
        }
      }
      return false;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  void loseTaskManager() throws Exception {
    cluster.terminateTaskManager(0).get();
    cluster.startTaskManager();
  }

  /** Cancels the job, and gives the exit code of the command. */
  int cancel() throws Exception {
    for (JobStatusMessage job : cluster.listJobs().get()) {
      cluster.cancelJob(job.getJobId()).get();
    }
    return exit.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** What the command said on standard error. */
  String said() {
    return err.toString();
  }

  @Override
  public void close() throws Exception {
    cluster.close();
  }
}
