package io.sluice.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice xrm}: the resource manager of a fleet. */
@Command(
    name = "xrm",
    description = {
      "Shows and shares out the compute units of a fleet, as XRM's xrmadm does.",
      "With --kafka it asks the manager that runs there ('sluice xrm serve'), which several jobs",
      "share; otherwise it tries things on a state file that is kept in the working directory."
    },
    footer = {
      "",
      "With --json it prints XRM's reply: name, requestId, status and data.",
      "Exit codes: 0 done; 1 refused, with XRM's error and the reason; 2 wrong usage."
    },
    subcommands = {
      XrmListCommand.class,
      XrmAllocCommand.class,
      XrmReleaseCommand.class,
      XrmStatusCommand.class,
      XrmDrainCommand.class,
      XrmEnableCommand.class,
      XrmServeCommand.class
    })
final class XrmCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  XrmCommand() {}

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "say what to do");
  }
}
