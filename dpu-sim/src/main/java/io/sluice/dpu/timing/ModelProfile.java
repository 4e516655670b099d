package io.sluice.dpu.timing;

import io.sluice.compile.DdrTraffic;
import io.sluice.compile.EngineCycles;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.target.DpuTarget;
import io.sluice.target.Fingerprint;
import io.sluice.target.Targets;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Subgraph;
import java.io.Serializable;
import java.util.List;

/**
 * What a service-time model needs to know of a compiled model.
 *
 * @param name of the model
 * @param target what it was compiled for
 * @param subgraphs its DPU subgraphs in the order in which they run
 */
public record ModelProfile(String name, DpuTarget target, List<DpuSubgraph> subgraphs)
    implements Serializable {
  /**
   * A DPU subgraph.
   *
   * @param superlayers in the order in which they run, without those that need no code
   */
  public record DpuSubgraph(String name, List<Superlayer> superlayers) implements Serializable {
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
      long storeBytes)
      implements Serializable {}

  public ModelProfile {
    subgraphs = List.copyOf(subgraphs);
  }

  /**
   * The profile of a compiled graph.
   *
   * @throws SluiceException VART_XMODEL_ERROR if it has no DPU subgraph or its DPU subgraphs were
   *     compiled for different targets; TARGET_FACTORY_UNREGISTERED_TARGET if the target is unknown
   */
  public static ModelProfile of(Graph graph) {
    List<Subgraph> parts =
        graph.root().children().stream()
            .filter(part -> part.device().orElse("").equals("DPU"))
            .toList();
    List<Long> prints =
        parts.stream().map(part -> part.attrs().getLong("dpu_fingerprint")).distinct().toList();
    if (prints.size() != 1) {
      throw new SluiceException(
          ErrorCode.VART_XMODEL_ERROR,
          parts.isEmpty() ? "no DPU subgraph" : "DPU subgraphs of " + prints.size() + " targets",
          graph.toString(),
          "compile the model for one target");
    }
    DpuTarget target = Targets.builtIn().byFingerprint(new Fingerprint(prints.get(0)));
    return new ModelProfile(
        graph.name(), target, parts.stream().map(part -> profile(part, target)).toList());
  }

  private static DpuSubgraph profile(Subgraph part, DpuTarget target) {
    return new DpuSubgraph(
        part.name(),
        part.children().stream()
            .filter(child -> !child.attrs().getBool("skip_code_gen", false))
            .filter(child -> child.ops().stream().noneMatch(op -> op.type().equals("download")))
            .map(child -> superlayer(child, target))
            .toList());
  }

  private static Superlayer superlayer(Subgraph child, DpuTarget target) {
    List<Op> ops = child.ops();
    EngineCycles cycles = EngineCycles.of(ops, target);
    DdrTraffic traffic = DdrTraffic.of(ops);
    return new Superlayer(
        child.name().replaceFirst("^subgraph_", ""),
        child.attrs().getLong("workload"),
        cycles.conv(),
        cycles.misc(),
        traffic.constantBytes(),
        traffic.loadBytes(),
        traffic.storeBytes());
  }

  /** Operations for one image on the DPU. */
  public long workload() {
    return subgraphs.stream()
        .flatMap(s -> s.superlayers().stream())
        .mapToLong(Superlayer::workload)
        .sum();
  }
}
