package io.sluice.aks;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.util.InstantiationUtil;

/**
 * What a subtask needs of a node to call its kernel.
 *
 * @param node name of the node
 * @param kernel name of its kernel
 * @param rank its place among the nodes, each after its parents
 * @param split whether it works on parts
 * @param joins whether it makes one job of parts
 * @param splits whether it makes parts
 * @param splitRank rank of the node whose parts it joins
 * @param inputs the tensors that it takes
 * @param outputs what they must be; null if it is not known
 * @param timeoutMs of a call, in the machine's time; 0 for none
 * @param pristine the kernel, serialized
 */
record NodeCall(
    String node,
    String kernel,
    int rank,
    boolean split,
    boolean joins,
    boolean splits,
    int splitRank,
    List<Input> inputs,
    List<TensorSpec> outputs,
    long timeoutMs,
    byte[] pristine)
    implements Serializable {

  /**
   * Outputs of a node by its name.
   *
   * @param index which, or {@link InputRef#ALL}
   */
  record Input(String node, int index) implements Serializable {}

  static NodeCall of(AksGraph graph, AksNode node) {
    List<Input> inputs = new ArrayList<>();
    if (node.parents().isEmpty()) {
      inputs.add(new Input(JobPackets.REQUEST, InputRef.ALL));
    }
    for (InputRef ref : node.inputs()) {
      inputs.add(new Input(graph.node(ref.node()).name(), ref.output()));
    }
    try {
      return new NodeCall(
          node.name(),
          node.spec().name(),
          graph.order().indexOf(node.index()),
          node.split() != AksNode.WHOLE,
          node.joins(),
          node.splits(),
          node.split() == AksNode.WHOLE
              ? RankedParams.INITIAL
              : graph.order().indexOf(node.split()),
          new ArrayList<>(inputs),
          node.outputs().map(ArrayList::new).orElse(null),
          node.options().timeoutMs(),
          InstantiationUtil.serializeObject(node.kernel()));
    } catch (IOException e) {
      throw new UncheckedIOException("kernel of node " + node.name(), e);
    }
  }
}
