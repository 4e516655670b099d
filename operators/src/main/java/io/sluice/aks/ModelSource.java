package io.sluice.aks;

import io.sluice.flink.dpu.DpuModel;
import io.sluice.vart.ModelRef;
import java.util.List;

/** Where the models that a graph names come from. */
interface ModelSource {
  /**
   * A model as the checks know it.
   *
   * @param ref where it lies and what it is
   * @param input what its one input takes
   * @param outputs what it gives, one or more tensors, in the order of {@link
   *     io.sluice.vart.Runner#outputTensors}
   * @param fixPosition of its input, if that takes integers; null if it takes floats
   * @param compiled what a DPU node needs of it; null if it is not compiled for one
   */
  record Known(
      ModelRef ref,
      TensorSpec input,
      List<TensorSpec> outputs,
      Integer fixPosition,
      DpuModel compiled) {
    /** Width of the input in NHWC, by which one of several sizes is chosen. */
    int width() {
      return input.rank().orElse(0) < 3 ? -1 : input.dim(2);
    }
  }

  /**
   * @throws io.sluice.error.SluiceException SLUICE_GRAPH_MODEL_FILE if there is no such file, it is
   *     no XMODEL, or has not one input
   */
  Known read(String name, JsonAt at);
}
