package io.sluice.cli;

import io.sluice.jobs.bench.Load;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of {@code sluice bench fleet} that say what is asked of the cards. */
final class BenchFleetLoad {
  private static final int CLIENTS = 4;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description =
          "Closed load: clients for each image that a unit takes at once;"
              + " each waits for its result (4).")
  private Integer clients;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "Open load instead: so many requests a second over the fleet.")
  private Double rate;

  @Option(
      names = "--arrivals",
      defaultValue = "POISSON",
      description =
          "Of an open load, and of the search for a rate: ${COMPLETION-CANDIDATES}"
              + " (${DEFAULT-VALUE}).")
  private Load.Shape arrivals;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "Open load instead: a file with an arrival time in milliseconds in each line.")
  private Path replay;

  /** How requests of an open load come. */
  Load.Shape arrivals() {
    return arrivals;
  }

  /**
   * The load that is asked for.
   *
   * @throws ParameterException if two are
   * @throws io.sluice.error.SluiceException as the loads do
   */
  Load load(CommandLine command) {
    if (Stream.of(clients, rate, replay).filter(Objects::nonNull).count() > 1) {
      throw new ParameterException(
          command, "--clients, --rate and --replay are three loads, choose one");
    }
    if (replay != null) {
      return Load.Trace.read(replay);
    }
    return rate != null
        ? new Load.Open(arrivals, rate)
        : new Load.Closed(clients == null ? CLIENTS : clients);
  }
}
