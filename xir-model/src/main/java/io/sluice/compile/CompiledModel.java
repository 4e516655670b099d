package io.sluice.compile;

import io.sluice.target.DpuTarget;
import io.sluice.xir.Graph;
import java.util.List;

/**
 * A compiled graph and what the compiler decided.
 *
 * @param graph with its subgraph tree, ready to be written
 * @param target what it was compiled for
 * @param placements every op of the quantized graph but constants, in topological order
 * @param subgraphs of level 1, in the order in which they run
 */
public record CompiledModel(
    Graph graph, DpuTarget target, List<OpPlacement> placements, List<SubgraphSummary> subgraphs) {
  /**
   * A subgraph of level 1.
   *
   * @param device who runs it: the value of its attribute {@code device}
   * @param superlayers children that compute; 0 unless on the DPU
   * @param workload operations; 0 unless on the DPU
   * @param workloadOnArch operations with the padding of the device; 0 unless on the DPU
   * @param ddrBytes constants once, and what every superlayer reads and writes, each once
   */
  public record SubgraphSummary(
      String name,
      String device,
      int superlayers,
      long workload,
      long workloadOnArch,
      long ddrBytes) {}

  public CompiledModel {
    placements = List.copyOf(placements);
    subgraphs = List.copyOf(subgraphs);
  }

  /** The DPU's share of all multiply-accumulates, 0 to 1; 0 for a model without any. */
  public double dpuMacShare() {
    long all = placements.stream().mapToLong(OpPlacement::macs).sum();
    long dpu =
        placements.stream()
            .filter(p -> p.device() == Device.DPU)
            .mapToLong(OpPlacement::macs)
            .sum();
    return all == 0 ? 0 : (double) dpu / all;
  }
}
