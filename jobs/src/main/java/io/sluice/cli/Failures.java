package io.sluice.cli;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns a failure into one line {@code CODE: thing; at place; remedy} and an exit code. */
final class Failures {
  private static final int MAX_CAUSES = 64;

  private Failures() {}

  /** Prints what is wrong with the arguments; returns 2. */
  static int ofUsage(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    PrintWriter err = command.getErr();
    err.println(
        oneLine(
            new SluiceException(
                    ErrorCode.SLUICE_USAGE,
                    failure.getMessage(),
                    "command line '" + name + "'",
                    "see '" + name + " --help'")
                .getMessage()));
    UnmatchedArgumentException.printSuggestions(failure, err);
    return CommandLine.ExitCode.USAGE;
  }

  /** Runs the command, and makes of an error of the virtual machine an exception. */
  static int runGuarded(ParseResult parsed) {
    try {
      return new RunLast().execute(parsed);
    } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
      List<CommandLine> commands = parsed.asCommandLineList();
      throw new CommandLine.ExecutionException(
          commands.get(commands.size() - 1), "a command ended by an error", e);
    }
  }

  /** Prints why a command failed; returns 1. */
  static int ofExecution(Exception failure, CommandLine command, boolean stackTrace) {
    PrintWriter err = command.getErr();
    boolean wrapped = failure instanceof CommandLine.ExecutionException;
    Throwable thrown = wrapped ? failure.getCause() : failure;
    err.println(oneLine(describe(thrown, command.getCommandSpec().qualifiedName())));
    if (stackTrace) {
      failure.printStackTrace(err);
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String describe(Throwable failure, String command) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof SluiceException known) {
        return known.getMessage();
      }
      cause = cause.getCause();
    }
    boolean io = failure instanceof IOException || failure instanceof UncheckedIOException;
    boolean memory = failure instanceof OutOfMemoryError;
    String remedy =
        io
            ? "check the path and the space on it"
            : memory
                ? "give smaller inputs, or Java more memory"
                : "this is a fault of the program";
    return new SluiceException(
            io ? ErrorCode.SLUICE_IO : memory ? ErrorCode.SLUICE_LIMIT : ErrorCode.SLUICE_INTERNAL,
            failure.getClass().getSimpleName() + ": " + failure.getMessage(),
            "command '" + command + "'",
            remedy + "; --stacktrace or SLUICE_DEBUG=1 shows details")
        .getMessage();
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
