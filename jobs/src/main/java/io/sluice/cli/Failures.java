package io.sluice.cli;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
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

  /** Prints why a command failed; returns 1. */
  static int ofExecution(Exception failure, CommandLine command, boolean stackTrace) {
    PrintWriter err = command.getErr();
    err.println(oneLine(describe(failure, command.getCommandSpec().qualifiedName())));
    if (stackTrace) {
      failure.printStackTrace(err);
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String describe(Exception failure, String command) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof SluiceException known) {
        return known.getMessage();
      }
      cause = cause.getCause();
    }
    boolean io = failure instanceof IOException || failure instanceof UncheckedIOException;
    return new SluiceException(
            io ? ErrorCode.SLUICE_IO : ErrorCode.SLUICE_INTERNAL,
            failure.getClass().getSimpleName() + ": " + failure.getMessage(),
            "command '" + command + "'",
            (io ? "check the path and the space on it" : "this is a fault of the program")
                + "; --stacktrace or SLUICE_DEBUG=1 shows details")
        .getMessage();
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
