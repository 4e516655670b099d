package io.sluice.optimize;

import io.sluice.xir.Graph;
import java.util.List;

/**
 * The passes that every imported float graph goes through, whatever will run it; they keep its
 * meaning and its outputs with their names and shapes. Those that make the ops of a DPU come with
 * the quantizer.
 */
public final class FloatPasses {
  private static final PassOrder ORDER = PassOrder.of(all());

  private FloatPasses() {}

  static List<Pass> all() {
    return List.of(
        new ActivationHoisting(),
        new ActivationMerging(),
        new ConstantFolding(),
        new FoldIntoConv(),
        new HardSigmoids(),
        new HardSwishes(),
        new IdentityRemoval(),
        new L2Normalize(),
        new LayerNorm(),
        new LeakyRelus(),
        new MatMulBias(),
        new MeanToPool(),
        new PadFolding(),
        new ReshapeMerging(),
        new TransposeMerging());
  }

  /**
   * Applies them until none finds anything.
   *
   * @return a graph of the same inputs and outputs, equal in value but for float rounding, without
   *     what no output depends on; the graph itself if there is nothing to do
   */
  public static Graph apply(Graph graph) {
    return ORDER.run(graph);
  }
}
