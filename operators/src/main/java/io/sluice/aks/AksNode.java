package io.sluice.aks;

import java.util.List;
import java.util.Optional;

/**
 * A node of a graph that passed the checks.
 *
 * @param index in the order of the graph
 * @param name its name
 * @param spec its kernel
 * @param kernel made for it
 * @param options what its extension says
 * @param parents indices, in the order of the graph; none for a node that gets the job's input
 * @param inputs what it takes, of its parents
 * @param children indices, in the order in which the node names them
 * @param split index of the splitting node whose parts it works on; {@link #WHOLE} for whole jobs
 * @param outputs what is known of its outputs; empty if not even their number is
 * @param models of a DPU node; none for others
 */
record AksNode(
    int index,
    String name,
    KernelSpec spec,
    Kernel kernel,
    NodeOptions options,
    List<Integer> parents,
    List<InputRef> inputs,
    List<Integer> children,
    int split,
    Optional<List<TensorSpec>> outputs,
    List<ModelSource.Known> models) {
  /** A node that is called for whole jobs. */
  static final int WHOLE = -1;

  boolean isDpu() {
    return kernel instanceof DpuKernel;
  }

  boolean splits() {
    return kernel instanceof SplittingKernel;
  }

  boolean joins() {
    return kernel instanceof JoiningKernel;
  }

  /** Whether what leaves the node is whole jobs. */
  boolean givesWhole() {
    return !splits() && (joins() || split == WHOLE);
  }

  /** Subtasks, unless there is a reason for fewer. */
  int parallelism() {
    return options.parallelism().orElse(spec.numCu());
  }
}
