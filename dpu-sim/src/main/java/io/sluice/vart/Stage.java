package io.sluice.vart;

import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.List;
import java.util.Set;

/**
 * One subgraph as it is executed.
 *
 * @param name the name of the subgraph
 * @param device the device that it was assigned to
 * @param graph the graph that it is of
 * @param ops the ops inside
 * @param inputs ops outside whose tensors it reads, and the graph's inputs inside; no constants
 * @param outputs ops inside whose tensors another subgraph or the caller reads
 */
record Stage(
    String name, String device, Graph graph, Set<Op> ops, List<Op> inputs, List<Op> outputs) {
  static final String USER = "USER";
  static final String CPU = "CPU";
  static final String DPU = "DPU";

  Stage {
    ops = Set.copyOf(ops);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  @Override
  public String toString() {
    return device + " subgraph '" + name + "' of " + graph;
  }
}
