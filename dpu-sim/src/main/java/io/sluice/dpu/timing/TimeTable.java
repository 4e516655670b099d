package io.sluice.dpu.timing;

import io.sluice.target.Platform;
import java.util.List;
import java.util.Locale;

/**
 * The modelled per-superlayer table of a model on a platform, one image, one unit busy, with the
 * columns of the guide's profiler.
 *
 * @param platform its name
 * @param totalMs modelled, start times included
 * @param superlayers in the order in which they run
 */
public record TimeTable(String platform, double totalMs, List<Row> superlayers) {
  private static final double MEBI = 1 << 20;
  private static final double NS_PER_MS = 1e6;

  /**
   * A superlayer; its times are modelled.
   *
   * @param workloadGop 10^9 operations
   * @param perfGops 10^9 operations per second
   * @param avgBandwidthMiBPerSecond all data moved over the run time
   * @param bound what takes longest: compute, memory or overhead
   */
  public record Row(
      String name,
      double workloadGop,
      double runtimeMs,
      double perfGops,
      double loadWeightsMiB,
      double loadFeatureMiB,
      double storeFeatureMiB,
      double avgBandwidthMiBPerSecond,
      String bound) {
    private static Row of(SuperlayerTime time) {
      ModelProfile.Superlayer s = time.superlayer();
      double ms = time.totalNs() / NS_PER_MS;
      double gop = s.workload() / 1e9;
      double bytes = s.constantBytes() + s.loadBytes() + s.storeBytes();
      return new Row(
          s.name(),
          gop,
          ms,
          gop / ms * 1e3,
          s.constantBytes() / MEBI,
          s.loadBytes() / MEBI,
          s.storeBytes() / MEBI,
          bytes / MEBI / ms * 1e3,
          time.bound());
    }
  }

  public TimeTable {
    superlayers = List.copyOf(superlayers);
  }

  public static TimeTable of(ModelProfile model, Platform platform) {
    RooflineTimeModel time = new RooflineTimeModel();
    List<Row> rows = time.superlayerTimes(model, platform, 1, 1).stream().map(Row::of).toList();
    double totalMs = time.serviceTimeNs(model, platform, 1, 1) / NS_PER_MS;
    return new TimeTable(platform.name(), totalMs, rows);
  }

  /**
   * For people. AvgBw is in the unit that the guide prints, MiB * 1024 / ms; the other sizes are in
   * MiB.
   */
  public String toText() {
    StringBuilder text = new StringBuilder();
    int width = superlayers.stream().mapToInt(r -> r.name().length()).max().orElse(0);
    String head = "%-" + Math.max(width, "Superlayer".length()) + "s";
    text.append(
        String.format(
            Locale.ROOT,
            head + " %9s %9s %9s %8s %8s %8s %9s  %s%n",
            "Superlayer",
            "WL[GOP]",
            "RT[ms]",
            "GOP/s",
            "LdWB",
            "LdFM",
            "StFM",
            "AvgBw",
            "bound"));
    for (Row r : superlayers) {
      text.append(
          String.format(
              Locale.ROOT,
              head + " %9.6f %9.3f %9.3f %8.3f %8.3f %8.3f %9.3f  %s%n",
              r.name,
              r.workloadGop,
              r.runtimeMs,
              r.perfGops,
              r.loadWeightsMiB,
              r.loadFeatureMiB,
              r.storeFeatureMiB,
              r.avgBandwidthMiBPerSecond / 1e3 * 1024,
              r.bound));
    }
    double gop = superlayers.stream().mapToDouble(Row::workloadGop).sum();
    text.append(
        String.format(
            Locale.ROOT,
            "modelled for %s: %.3f ms, %.3f GOP in %d superlayers%n",
            platform,
            totalMs,
            gop,
            superlayers.size()));
    return text.toString();
  }
}
