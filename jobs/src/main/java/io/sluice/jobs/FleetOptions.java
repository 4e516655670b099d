package io.sluice.jobs;

import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import io.sluice.flink.Clock;
import io.sluice.flink.dpu.DpuSettings;
import io.sluice.flink.dpu.Work;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of everything that runs networks on a simulated fleet. */
public final class FleetOptions {
  @Option(
      names = "--fleet",
      paramLabel = "FLEET",
      description =
          "A fleet file, or the name of a fleet that comes along: one-zcu102, two-zcu102,"
              + " card-loss (of two boards one dies and comes back), eight-u50lv, four-v70,"
              + " mixed-rack, thousand-cards.")
  private String fleet;

  @Option(
      names = "--clock",
      description =
          "VIRTUAL: simulated time, for input that ends; PACED: the machine's time"
              + " (default: VIRTUAL when the input ends).")
  private Clock clock;

  @Option(
      names = "--work",
      defaultValue = "EXACT",
      description = "EXACT computes every byte, TIMING only the time (default: ${DEFAULT-VALUE}).")
  private Work work;

  /**
   * The fleet that is named, if one is.
   *
   * @throws io.sluice.error.SluiceException as {@link #named} does
   */
  public Optional<Fleet> fleet() {
    return Optional.ofNullable(fleet).map(FleetOptions::named);
  }

  /**
   * The fleet of a file, or the example of a name.
   *
   * @throws io.sluice.error.SluiceException as {@link FleetFile#read(Path)} and {@link
   *     FleetFile#example} do
   */
  public static Fleet named(String name) {
    Path file = Path.of(name);
    boolean isFile = Files.exists(file) || name.contains("/") || name.contains(".");
    return isFile ? FleetFile.read(file) : FleetFile.example(name);
  }

  /** The settings of DPU nodes over input that ends or goes on. */
  public DpuSettings settings(boolean bounded) {
    Clock usual = bounded ? Clock.VIRTUAL : Clock.PACED;
    return DpuSettings.of(clock == null ? usual : clock, work);
  }
}
