package io.sluice.onnx;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.proto.NodeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The nodes that the wanted tensors depend on, each after those that it reads. */
final class NodeOrder {
  private NodeOrder() {}

  /**
   * @param defined tensors that need no node: inputs and initializers
   * @throws SluiceException ONNX_DUPLICATE_NAME if a tensor is defined twice, ONNX_INVALID_MODEL if
   *     it is defined nowhere, ONNX_CYCLE if nodes depend on each other in a circle
   */
  static List<OnnxNode> of(
      List<NodeProto> nodes, Set<String> defined, List<String> wanted, int opset, String name) {
    Map<String, NodeProto> producers = new HashMap<>();
    for (NodeProto node : nodes) {
      for (String output : node.getOutputList()) {
        if (!output.isEmpty()
            && (defined.contains(output) || producers.put(output, node) != null)) {
          throw refused(
              ErrorCode.ONNX_DUPLICATE_NAME, "tensor '" + output + "' is defined twice", name);
        }
      }
    }
    List<OnnxNode> order = new ArrayList<>();
    Set<NodeProto> done = new HashSet<>();
    Set<NodeProto> open = new HashSet<>();
    ArrayDeque<NodeProto> stack = new ArrayDeque<>();
    for (String tensor : wanted) {
      push(tensor, "the outputs", defined, producers, stack, name);
      while (!stack.isEmpty()) {
        NodeProto node = stack.peek();
        if (done.contains(node)) {
          stack.pop();
        } else if (open.add(node)) {
          for (int i = node.getInputCount() - 1; i >= 0; i--) {
            String input = node.getInput(i);
            NodeProto producer = producers.get(input);
            if (producer != null && open.contains(producer) && !done.contains(producer)) {
              throw refused(ErrorCode.ONNX_CYCLE, "tensor '" + input + "' depends on itself", name);
            }
            if (!input.isEmpty()) {
              push(input, "node '" + node.getName() + "'", defined, producers, stack, name);
            }
          }
        } else {
          stack.pop();
          done.add(node);
          order.add(new OnnxNode(node, opset));
        }
      }
    }
    return order;
  }

  private static void push(
      String tensor,
      String reader,
      Set<String> defined,
      Map<String, NodeProto> producers,
      ArrayDeque<NodeProto> stack,
      String name) {
    NodeProto producer = producers.get(tensor);
    if (producer != null) {
      stack.push(producer);
    } else if (!defined.contains(tensor)) {
      throw refused(
          ErrorCode.ONNX_INVALID_MODEL,
          "tensor '" + tensor + "', read by " + reader + ", is not defined",
          name);
    }
  }

  private static SluiceException refused(ErrorCode code, String what, String name) {
    String remedy =
        code == ErrorCode.ONNX_DUPLICATE_NAME
            ? "give each tensor a name of its own"
            : "check it with onnx.checker, and export it again";
    return new SluiceException(code, what, name, remedy);
  }
}
