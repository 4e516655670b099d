package io.sluice.cli;

import io.sluice.jobs.AksJob;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where a command runs its Flink job. */
final class FlinkTarget {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--jobmanager",
      paramLabel = "HOST:PORT",
      description = "A Flink cluster that has Sluice on its class path (default: in this process).")
  private String jobManager;

  /**
   * An environment of parallelism 1.
   *
   * @throws ParameterException if the address is none
   */
  StreamExecutionEnvironment environment() {
    Configuration configuration = AksJob.configuration();
    if (jobManager == null) {
      return StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
    }
    int colon = jobManager.lastIndexOf(':');
    try {
      return StreamExecutionEnvironment.createRemoteEnvironment(
          jobManager.substring(0, colon),
          Integer.parseInt(jobManager.substring(colon + 1)),
          configuration);
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      throw new ParameterException(
          spec.commandLine(), "--jobmanager is '" + jobManager + "', write HOST:PORT", e);
    }
  }
}
