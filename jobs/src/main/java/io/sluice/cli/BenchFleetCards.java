package io.sluice.cli;

import io.sluice.dispatch.Network;
import io.sluice.fleet.Fleet;
import io.sluice.fleet.UniformFleet;
import io.sluice.jobs.FleetOptions;
import io.sluice.target.DpuTarget;
import io.sluice.target.Platform;
import io.sluice.target.Platforms;
import io.sluice.target.Targets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options of {@code sluice bench fleet} that say which cards are loaded. */
final class BenchFleetCards {
  @Option(
      names = "--fleet",
      paramLabel = "FLEET",
      description = "A fleet file, or the name of a fleet that comes along; its faults happen.")
  private String fleet;

  @ArgGroup(exclusive = false)
  private Identical identical;

  /** Identical cards. */
  private static final class Identical {
    @Option(
        names = "--platform",
        required = true,
        paramLabel = "P",
        description = "A board; it is taken to carry units of the first model's target.")
    private String platform;

    @Option(
        names = "--cards",
        split = ",",
        defaultValue = "1,2,4,8,16,32,64",
        paramLabel = "N",
        description = "Numbers of cards, one run each (${DEFAULT-VALUE}).")
    private List<Integer> counts = new ArrayList<>();

    @Option(
        names = "--units-per-card",
        paramLabel = "N",
        description = "Units of each card (default: as many as the platform has).")
    private Integer units;

    @Option(
        names = "--cards-per-host",
        defaultValue = "8",
        paramLabel = "N",
        description = "Cards that share a host's threads and PCIe (${DEFAULT-VALUE}).")
    private int perHost;

    @Option(
        names = "--host-threads",
        defaultValue = "32",
        paramLabel = "N",
        description = "Threads of a host (${DEFAULT-VALUE}).")
    private int threads;

    private UniformFleet fleet(DpuTarget target) {
      Platform board = Platforms.builtIn().byName(platform).carrying(target, Targets.builtIn());
      return new UniformFleet(
          board, target.fingerprint(), units == null ? board.units() : units, perHost, threads);
    }
  }

  /**
   * The fleet that is named, or one for each number of cards.
   *
   * @param first network; identical cards carry units of its first target
   */
  List<Fleet> fleets(Network first) {
    if (fleet != null) {
      return List.of(FleetOptions.named(fleet));
    }
    UniformFleet uniform = identical.fleet(first.variants().get(0).profile().target());
    return identical.counts.stream().map(uniform::of).toList();
  }

  /** For people. */
  String text() {
    return fleet != null
        ? "fleet " + fleet
        : identical.platform + " in hosts of " + identical.perHost;
  }
}
