package io.sluice.dpu.timing;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.target.Platform;
import java.util.ArrayList;
import java.util.List;

/**
 * A superlayer takes the longer of computing and moving its data, and a fixed overhead.
 *
 * <ul>
 *   <li>Computing: the cycles of the busiest engine, which already contain the padding to the
 *       engine's parallelism, over the platform's compute efficiency and clock.
 *   <li>Moving: constants once, feature maps once for each image, over the bandwidth of the unit:
 *       its data ports or its share of the memory, whichever is less, times the memory efficiency.
 *   <li>The images of a group, as many as the unit takes at once, are computed side by side.
 *   <li>A DPU subgraph takes the platform's start time besides.
 * </ul>
 *
 * <p>Left out, so that the model is too slow where they help: feature maps that stay on chip
 * between superlayers, and weights fetched while the superlayer before still computes.
 */
public final class RooflineTimeModel implements ServiceTimeModel {
  private static final double NS_PER_US = 1e3;

  /** Most images in a batch. */
  public static final int MAX_BATCH = 1 << 16;

  @Override
  public long serviceTimeNs(ModelProfile model, Platform platform, int batch, int activeUnits) {
    check(model, platform, batch, activeUnits);
    int atOnce = model.target().batch();
    int full = batch / atOnce;
    int rest = batch % atOnce;
    double ns = 0;
    if (full > 0) {
      ns += full * groupNs(model, platform, atOnce, activeUnits);
    }
    if (rest > 0) {
      ns += groupNs(model, platform, rest, activeUnits);
    }
    return Math.max(1, Math.round(ns));
  }

  private static double groupNs(ModelProfile model, Platform platform, int images, int active) {
    double ns = model.subgraphs().size() * platform.startUs() * NS_PER_US;
    for (ModelProfile.DpuSubgraph subgraph : model.subgraphs()) {
      for (ModelProfile.Superlayer superlayer : subgraph.superlayers()) {
        ns += time(superlayer, platform, images, active).totalNs();
      }
    }
    return ns;
  }

  /** The time of every superlayer for a group of images that the unit takes at once. */
  public List<SuperlayerTime> superlayerTimes(
      ModelProfile model, Platform platform, int images, int activeUnits) {
    check(model, platform, images, activeUnits);
    List<SuperlayerTime> times = new ArrayList<>();
    for (ModelProfile.DpuSubgraph subgraph : model.subgraphs()) {
      for (ModelProfile.Superlayer superlayer : subgraph.superlayers()) {
        times.add(time(superlayer, platform, images, activeUnits));
      }
    }
    return times;
  }

  private static SuperlayerTime time(
      ModelProfile.Superlayer s, Platform platform, int images, int activeUnits) {
    double clockGhz = platform.clockMhz() / 1e3;
    double computeNs =
        Math.max(s.convCycles(), s.miscCycles()) / platform.computeEfficiency() / clockGhz;
    double port = platform.portBytesPerCycle() * clockGhz;
    double share = platform.memoryGigabytesPerSecond() / activeUnits;
    double bytesPerNs = Math.min(port, share) * platform.memoryEfficiency();
    double bytes = s.constantBytes() + (double) images * (s.loadBytes() + s.storeBytes());
    return new SuperlayerTime(
        s, platform.superlayerOverheadUs() * NS_PER_US, computeNs, bytes / bytesPerNs);
  }

  private static void check(ModelProfile model, Platform platform, int batch, int activeUnits) {
    if (!model.target().name().equals(platform.target())) {
      throw new SluiceException(
          ErrorCode.VART_DEVICE_MISMATCH,
          "model '" + model.name() + "' was compiled for " + model.target().name(),
          "platform '" + platform.name() + "', whose units are " + platform.target(),
          "compile it for the platform's target");
    }
    range("batch", batch, MAX_BATCH);
    range("activeUnits", activeUnits, platform.units());
  }

  private static void range(String name, int value, int high) {
    if (value < 1 || value > high) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE, name + " " + value, "service time", "use 1 to " + high);
    }
  }
}
