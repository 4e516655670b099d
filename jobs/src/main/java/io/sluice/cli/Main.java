package io.sluice.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The root of the command line. Exit codes: 0 done, 1 failed, 2 wrong usage. Results go to standard
 * output; a failure is one line on standard error.
 */
@Command(
    name = "sluice",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    description =
        "AI inference pipelines as Apache Flink jobs over a simulated fleet of FPGA cards.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      InspectCommand.class,
      QuantizeCommand.class,
      CompileCommand.class,
      RunCommand.class,
      TimeCommand.class,
      AksCommand.class,
      BenchCommand.class,
      XrmCommand.class,
      XmodelCommand.class,
      ErrorsCommand.class
    })
public final class Main implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of a failure (as SLUICE_DEBUG=1 does).")
  private boolean stackTrace;

  Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /**
   * Runs a command with the standard streams of this process.
   *
   * @return the exit code
   */
  public static int run(String... args) {
    Charset charset = Charset.defaultCharset();
    return run(
        new PrintWriter(System.out, true, charset),
        new PrintWriter(System.err, true, charset),
        args);
  }

  /**
   * Runs a command.
   *
   * @param out takes the results
   * @param err takes failures and progress
   * @return the exit code
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    int exitCode = commandLine().setOut(out).setErr(err).execute(args);
    out.flush();
    err.flush();
    return exitCode;
  }

  static CommandLine commandLine() {
    Main root = new Main();
    CommandLine commands = new CommandLine(root);
    commands.getSubcommands().values().forEach(c -> giveHelp(c, commands.getCommandSpec()));
    // XRM's codes are negative numbers, and look like options.
    commands.getSubcommands().get("errors").setUnmatchedOptionsArePositionalParams(true);
    return commands
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionStrategy(Failures::runGuarded)
        .setParameterExceptionHandler(Failures::ofUsage)
        .setExecutionExceptionHandler(
            (failure, command, parsed) ->
                Failures.ofExecution(
                    failure, command, root.stackTrace || System.getenv("SLUICE_DEBUG") != null));
  }

  private static void giveHelp(CommandLine command, CommandSpec root) {
    command.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(root.versionProvider());
    command.getSubcommands().values().forEach(c -> giveHelp(c, root));
  }

  /** Without a sub-command there is nothing to do. */
  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }
}
