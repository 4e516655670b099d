package io.sluice.cli;

import io.sluice.flink.manage.BrokerSettings;
import io.sluice.jobs.FleetOptions;
import io.sluice.jobs.ManagerTopics;
import io.sluice.jobs.ResourceManagerJob;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice xrm serve}: the manager that jobs share. */
@Command(
    name = "serve",
    description =
        "Runs the resource manager of a fleet that several jobs share, until it is"
            + " ended; on a cluster, until its job is cancelled.")
final class XrmServeCommand implements Callable<Integer> {
  @Option(
      names = "--fleet",
      required = true,
      paramLabel = "FLEET",
      description = "Fleet file or example.")
  private String fleet;

  @Option(
      names = "--kafka",
      required = true,
      paramLabel = "BROKERS",
      description = "Where clients ask; topics that are missing are made.")
  private String kafka;

  @Option(
      names = "--share",
      paramLabel = "TENANT=N",
      description = "Share of a tenant relative to the others, who have 1; may be repeated.")
  private Map<String, Integer> shares = new TreeMap<>();

  @Option(
      names = "--term",
      defaultValue = "10000",
      paramLabel = "MILLIS",
      description = "How long a client may be silent (default: ${DEFAULT-VALUE}).")
  private long termMillis;

  @Mixin private FlinkTarget flink;

  XrmServeCommand() {}

  @Override
  public Integer call() throws Exception {
    BrokerSettings settings = new BrokerSettings(Duration.ofMillis(termMillis).toNanos(), shares);
    new ResourceManagerJob(new ManagerTopics(kafka), FleetOptions.named(fleet), settings)
        .serve(flink.environment());
    return 0;
  }
}
