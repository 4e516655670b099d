package io.sluice.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice bench}: benchmarks, each with a peer in the same run. */
@Command(
    name = "bench",
    description = "Benchmarks that check their own results and compare within one run.",
    subcommands = {BenchEngineCommand.class, BenchFleetCommand.class})
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "name a benchmark");
  }
}
