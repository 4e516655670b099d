package io.sluice.fleet;

import io.sluice.target.Platform;
import java.util.Map;

/**
 * How fast data comes to a card, where the fleet file does not say it: the link's published lanes
 * and generation times the share of it that DMA reaches, assumed to be 75%. The DPU of an embedded
 * board shares the memory of its processor, so there it is the board's memory, at the same share.
 */
final class Links {
  private static final double REACHED = 0.75;

  /** Of one PCIe lane in each direction, in 10^9 bytes a second. */
  private static final double GEN3_LANE = 0.985;

  private static final double GEN4_LANE = 1.969;
  private static final double GEN5_LANE = 3.938;

  private static final Map<String, Double> PCIE =
      Map.of(
          "u50", 16 * GEN3_LANE,
          "u50lv", 16 * GEN3_LANE,
          "u55c", 16 * GEN3_LANE,
          "u200", 16 * GEN3_LANE,
          "u250", 16 * GEN3_LANE,
          "u280", 16 * GEN3_LANE,
          "vck5000", 8 * GEN4_LANE,
          "v70", 8 * GEN5_LANE);

  private Links() {}

  static double gigabytesPerSecond(Platform platform) {
    String board = platform.name().replaceFirst("-.*", "");
    return REACHED * PCIE.getOrDefault(board, platform.memoryGigabytesPerSecond());
  }
}
