package io.sluice.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.Value.Known;
import io.sluice.onnx.proto.AttributeProto;
import io.sluice.onnx.proto.AttributeProto.AttributeType;
import io.sluice.onnx.proto.GraphProto;
import io.sluice.onnx.proto.NodeProto;
import io.sluice.onnx.proto.TensorProto;
import io.sluice.onnx.proto.ValueInfoProto;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Nodes that no op of XIR can stand for. Such a node becomes a custom op that carries the node
 * itself, so that ONNX Runtime runs it on the CPU as it would have run it in the model. What the
 * output looks like is asked of ONNX Runtime too, which infers it without computing anything.
 *
 * <p>The op's attribute {@code onnx_graph} holds the node as a graph of ONNX: small constants as
 * initializers, all other inputs by the position of the op that feeds them. An op of XIR has one
 * output, so a node becomes one op for each of its outputs, and {@code onnx_output} says which.
 * Inputs and outputs have the order of dimensions of ONNX.
 */
final class KeptNodes {
  private static final String GRAPH = "onnx_graph";
  private static final String OUTPUT = "onnx_output";
  private static final String OPSET = "onnx_opset";

  /** Constants of up to so many elements are kept with the node: axes, sizes, indices, limits. */
  private static final int SMALL = 1 << 10;

  private static final Set<String> RANDOM =
      Set.of(
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike",
          "Multinomial",
          "Bernoulli");

  private KeptNodes() {}

  /**
   * Keeps a node.
   *
   * @return what is against it, or null if the node is kept
   */
  static String keep(OnnxNode original, ImportState state) {
    OnnxNode node = Modernized.of(original, state);
    if (node == null) {
      return "it has no form in opset " + OnnxExporter.OPSET;
    }
    node = AllAxes.of(node, state);
    String refusal = refusal(node);
    if (refusal != null) {
      return refusal;
    }
    Map<String, String> names = new HashMap<>();
    List<Op> inputs = new ArrayList<>();
    GraphProto.Builder graph = GraphProto.newBuilder().setName(node.type());
    NodeProto.Builder kept =
        node.proto().toBuilder().clearName().clearInput().clearOutput().clearDocString();
    for (int i = 0; i < node.inputCount(); i++) {
      kept.addInput(node.hasInput(i) ? name(node, i, state, names, inputs, graph) : "");
    }
    for (int i = 0; i < node.outputCount(); i++) {
      kept.addOutput(node.output(i).isEmpty() ? "" : "out" + i);
    }
    graph.addNode(kept);
    List<NodeOutputs.Described> outputs = NodeOutputs.infer(graph.build(), inputs, node.opset());
    for (NodeOutputs.Described output : outputs) {
      if (output.problem() != null) {
        return output.problem();
      }
    }
    AttrValue stored = AttrValue.of(ByteString.copyFrom(graph.build().toByteArray()));
    String type = CustomOps.typeFor(node.type());
    CustomOps.register(state.graph().library(), type);
    int described = 0;
    for (int i = 0; i < node.outputCount(); i++) {
      if (!node.output(i).isEmpty()) {
        NodeOutputs.Described output = outputs.get(described++);
        Attrs attrs =
            CustomOps.attrs(output.type(), output.shape())
                .with(GRAPH, stored)
                .with(OUTPUT, i)
                .with(OPSET, node.opset());
        Layout layout = Layout.identity(output.shape().rank());
        state.emit(original, i, type, attrs, Map.of("input", inputs), layout);
      }
    }
    return null;
  }

  /** What is against running a node alone, or null. */
  static String refusal(OnnxNode node) {
    if (RANDOM.contains(node.type())) {
      return "random numbers are not the same twice";
    }
    return node.proto().getAttributeList().stream().anyMatch(KeptNodes::holdsGraph)
        ? "control flow is not known when the model is compiled"
        : null;
  }

  private static boolean holdsGraph(AttributeProto attribute) {
    return attribute.getType() == AttributeType.GRAPH
        || attribute.getType() == AttributeType.GRAPHS;
  }

  private static String name(
      OnnxNode node,
      int input,
      ImportState state,
      Map<String, String> names,
      List<Op> inputs,
      GraphProto.Builder graph) {
    String tensor = node.input(input);
    String known = names.get(tensor);
    if (known != null) {
      return known;
    }
    Value value = state.value(node, input);
    String name;
    if (value instanceof Known constant && constant.shape().elements() <= SMALL) {
      name = "const" + graph.getInitializerCount();
      graph.addInitializer(Tensors.write(name, constant.data()));
    } else {
      name = "in" + inputs.size();
      graph.addInput(ValueInfoProto.newBuilder().setName(name));
      inputs.add(ShapeRules.plain(state, state.live(node, input)));
    }
    names.put(tensor, name);
    return name;
  }

  /** Whether an op carries its node. */
  static boolean isKept(Op op) {
    return CustomOps.isCustom(op.type()) && op.attrs().has(GRAPH);
  }

  /** The opset that an op's node is written in. */
  static int opset(Op op) {
    return op.attrs().getInt(OPSET);
  }

  /** Writes the node of an op into a model. */
  static void export(Op op, ExportState state) {
    GraphProto graph = graph(op);
    Map<String, String> names = new LinkedHashMap<>();
    names.put("", "");
    List<Op> inputs = op.inputs("input");
    if (inputs.size() != graph.getInputCount()) {
      throw OnnxExporter.unsupported(op, inputs.size() + " inputs");
    }
    for (int i = 0; i < inputs.size(); i++) {
      Op in = inputs.get(i);
      Layout plain = Layout.identity(in.output().shape().rank());
      names.put(graph.getInput(i).getName(), state.arranged(in, plain));
    }
    for (TensorProto tensor : graph.getInitializerList()) {
      names.put(
          tensor.getName(),
          state.constant(
              op.name() + "." + tensor.getName(),
              Tensors.read(tensor, tensor.getName(), new ExternalData(null))));
    }
    NodeProto node = graph.getNode(0);
    NodeProto.Builder written = node.toBuilder().setName(op.output().name()).clearInput();
    for (String input : node.getInputList()) {
      if (!names.containsKey(input)) {
        throw OnnxExporter.unsupported(op, "no input '" + input + "'");
      }
      written.addInput(names.get(input));
    }
    int wanted = op.attrs().getInt(OUTPUT);
    for (int i = 0; i < node.getOutputCount(); i++) {
      boolean absent = node.getOutput(i).isEmpty();
      String name =
          i == wanted
              ? op.output().name()
              : absent ? "" : state.fresh(op.output().name() + "." + node.getOutput(i));
      written.setOutput(i, name);
    }
    Layout plain = Layout.identity(op.output().shape().rank());
    state.emit(op, plain, written.build());
  }

  private static GraphProto graph(Op op) {
    try {
      GraphProto graph = GraphProto.parseFrom(op.attrs().getBytes(GRAPH));
      if (graph.getNodeCount() == 1
          && op.attrs().getInt(OUTPUT) >= 0
          && op.attrs().getInt(OUTPUT) < graph.getNode(0).getOutputCount()
          && graph.getNode(0).getAttributeList().stream().noneMatch(KeptNodes::holdsGraph)) {
        return graph;
      }
    } catch (InvalidProtocolBufferException e) {
      throw damaged(op, e);
    }
    throw damaged(op, null);
  }

  private static SluiceException damaged(Op op, Throwable cause) {
    return new SluiceException(
        ErrorCode.XIR_UNEXPECTED_VALUE,
        "attribute '" + GRAPH + "' holds no node of ONNX",
        "op '" + op.name() + "' (" + op.type() + ")",
        "import the model again",
        cause);
  }
}
