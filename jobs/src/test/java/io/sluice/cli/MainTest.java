package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** A command that ends as it is told. */
  @Command(name = "end")
  private static final class End implements Callable<Integer> {
    private final Throwable failure;

    @Option(names = "--code")
    private int code;

    End(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public Integer call() throws Exception {
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure instanceof Exception exception) {
        throw exception;
      }
      return code;
    }
  }

  private int run(Throwable failure, String... args) {
    CommandLine line = Main.commandLine().addSubcommand(new End(failure));
    return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
  }

  private static SluiceException broken() {
    return new SluiceException(ErrorCode.SLUICE_IO, "a file\nis gone", "a/b", "bring it back");
  }

  @Test
  void helpAndVersionGoToStandardOutput() {
    assertThat(Main.run(new PrintWriter(out), new PrintWriter(err), "--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: sluice ").contains("--stacktrace");
    out.getBuffer().setLength(0);
    assertThat(Main.run(new PrintWriter(out), new PrintWriter(err), "--version")).isZero();
    assertThat(out.toString()).matches("(?s)sluice \\d+\\.\\d+.*Java 1.*");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void everyCommandTellsItsUsageAndItsVersion() {
    List<String> commands = new ArrayList<>();
    collect(Main.commandLine(), commands);
    assertThat(commands).contains("sluice demo", "sluice xrm alloc", "sluice bench fleet");
    for (String command : commands) {
      List<String> words = List.of(command.split(" "));
      for (String option : List.of("--help", "--version")) {
        List<String> args = new ArrayList<>(words.subList(1, words.size()));
        args.add(option);
        out.getBuffer().setLength(0);
        int code =
            Main.run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
        assertThat(code).as("%s %s: %s", command, option, err).isZero();
        assertThat(out.toString())
            .startsWith(option.equals("--help") ? "Usage: " + command : "sluice ");
      }
    }
  }

  private static void collect(CommandLine command, List<String> names) {
    names.add(command.getCommandSpec().qualifiedName());
    command.getSubcommands().values().forEach(sub -> collect(sub, names));
  }

  @Test
  void theExitCodeOfACommandIsKept() {
    assertThat(run(null, "end")).isZero();
    assertThat(run(null, "end", "--code", "1")).isEqualTo(1);
  }

  @Test
  void aKnownFailureIsOneLineAndExitCodeOne() {
    assertThat(run(broken(), "end")).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly("SLUICE_IO: a file is gone; at a/b; bring it back");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aKnownFailureIsFoundBelowTheOnesThatWrapIt() {
    assertThat(run(new ExecutionException(new IllegalStateException(broken())), "end"))
        .isEqualTo(1);
    assertThat(err.toString()).startsWith("SLUICE_IO: a file is gone; ");
  }

  @Test
  void anUnexpectedFailureIsOneLineThatSaysHowToSeeMore() {
    assertThat(run(new IllegalStateException("odd"), "end")).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString())
        .startsWith("SLUICE_INTERNAL: IllegalStateException: odd; at command 'sluice end'; ")
        .contains("--stacktrace", "SLUICE_DEBUG");
  }

  @Test
  void anErrorOfTheVirtualMachineIsOneLineWithACodeToo() {
    assertThat(run(new OutOfMemoryError("Java heap space"), "end")).isEqualTo(1);
    assertThat(run(new StackOverflowError(), "end")).isEqualTo(1);
    assertThat(run(new UnsatisfiedLinkError("no onnxruntime"), "end")).isEqualTo(1);
    assertThat(err.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("SLUICE_LIMIT: OutOfMemoryError: Java heap space"),
            line -> assertThat(line).startsWith("SLUICE_INTERNAL: StackOverflowError: "),
            line -> assertThat(line).startsWith("SLUICE_INTERNAL: UnsatisfiedLinkError: no onnx"));
  }

  @Test
  void aFileThatIsMissingIsNotAFaultOfTheProgram() {
    assertThat(run(new NoSuchFileException("x.onnx"), "end")).isEqualTo(1);
    assertThat(err.toString()).startsWith("SLUICE_IO: NoSuchFileException: x.onnx; ");
  }

  @Test
  void theStackTraceIsPrintedOnRequestOnEitherSideOfTheCommand() {
    assertThat(run(broken(), "end", "--stacktrace")).isEqualTo(1);
    assertThat(err.toString()).contains("\tat io.sluice.cli.MainTest");
    err.getBuffer().setLength(0);
    assertThat(run(broken(), "--stacktrace", "end")).isEqualTo(1);
    assertThat(err.toString()).contains("\tat io.sluice.cli.MainTest");
  }

  @Test
  void wrongUsageIsExitCodeTwoAndOneLine() {
    assertThat(run(null)).isEqualTo(2);
    assertThat(run(null, "end", "--code", "many")).isEqualTo(2);
    assertThat(err.toString().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("SLUICE_USAGE: "))
        .anyMatch(line -> line.endsWith("see 'sluice end --help'"));
    assertThat(run(null, "no-such-command")).isEqualTo(2);
  }
}
