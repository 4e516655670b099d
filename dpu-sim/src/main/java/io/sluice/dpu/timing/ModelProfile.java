package io.sluice.dpu.timing;

import io.sluice.target.DpuTarget;
import java.util.List;

/**
 * What a service-time model needs to know of a compiled model.
 *
 * @param name of the model
 * @param target what it was compiled for
 * @param subgraphs its DPU subgraphs in the order in which they run
 */
public record ModelProfile(String name, DpuTarget target, List<DpuSubgraph> subgraphs) {
  /**
   * A DPU subgraph.
   *
   * @param superlayers in the order in which they run, without those that need no code
   */
  public record DpuSubgraph(String name, List<Superlayer> superlayers) {
    public DpuSubgraph {
      superlayers = List.copyOf(superlayers);
    }
  }

  /**
   * A superlayer, for one image.
   *
   * @param workload operations
   * @param convCycles cycles of the convolution engine when it never waits
   * @param miscCycles cycles of the other engines when they never wait; they work beside the
   *     convolution engine
   * @param constantBytes weights and biases, loaded once for all images of a batch
   * @param loadBytes feature maps read from DDR
   * @param storeBytes feature maps written to DDR
   */
  public record Superlayer(
      String name,
      long workload,
      double convCycles,
      double miscCycles,
      long constantBytes,
      long loadBytes,
      long storeBytes) {}

  public ModelProfile {
    subgraphs = List.copyOf(subgraphs);
  }

  /** Operations for one image on the DPU. */
  public long workload() {
    return subgraphs.stream()
        .flatMap(s -> s.superlayers().stream())
        .mapToLong(Superlayer::workload)
        .sum();
  }
}
