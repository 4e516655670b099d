package io.sluice.dpu.timing;

/**
 * The modelled time of one superlayer.
 *
 * @param overheadNs fixed part
 * @param computeNs engines
 * @param memoryNs data to and from DDR
 */
public record SuperlayerTime(
    ModelProfile.Superlayer superlayer, double overheadNs, double computeNs, double memoryNs) {
  /** Computing and moving data overlap; the overhead comes on top. */
  public double totalNs() {
    return overheadNs + Math.max(computeNs, memoryNs);
  }

  /** What takes longest: {@code compute}, {@code memory} or {@code overhead}. */
  public String bound() {
    if (overheadNs > Math.max(computeNs, memoryNs)) {
      return "overhead";
    }
    return computeNs >= memoryNs ? "compute" : "memory";
  }
}
