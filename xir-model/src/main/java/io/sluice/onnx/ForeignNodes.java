package io.sluice.onnx;

import io.sluice.onnx.proto.AttributeProto;
import io.sluice.onnx.proto.GraphProto;
import io.sluice.onnx.proto.TypeProto;
import io.sluice.onnx.proto.ValueInfoProto;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.OpDef;
import io.sluice.xir.OpLibrary;
import io.sluice.xir.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Nodes of a domain that is not ONNX's: the custom ops of a user. The op has the node's type, its
 * attributes, and inputs and output in the order of dimensions of ONNX. What it gives is known from
 * a definition (see {@link io.sluice.xir.CustomOpDefinitions}) or from the model's own description
 * of the tensor.
 */
final class ForeignNodes {
  private ForeignNodes() {}

  static void convert(OnnxNode node, ImportState state, GraphProto graph) {
    String domain = node.proto().getDomain();
    OpLibrary library = state.graph().library();
    if (node.outputCount() != 1 || library.isBuiltIn(node.type())) {
      throw node.unsupported(
          "op of domain '"
              + domain
              + "' with "
              + node.outputCount()
              + " outputs, or of a type that XIR has");
    }
    OpDef def = library.find(node.type());
    Attrs attrs = attrs(node);
    if (def == null || def.inference() == null) {
      attrs = declared(node, graph, attrs);
    }
    Map<String, List<Op>> inputs = new LinkedHashMap<>();
    for (int i = 0; i < node.inputCount(); i++) {
      if (node.hasInput(i)) {
        Op in = ShapeRules.plain(state, state.live(node, i));
        inputs.computeIfAbsent(argument(def, i), k -> new ArrayList<>()).add(in);
      }
    }
    Op op = state.graph().add(state.fresh(node.output(0) + "_custom"), node.type(), attrs, inputs);
    Layout layout = Layout.identity(op.output().shape().rank());
    state.put(node.output(0), new Value.Live(op, layout));
  }

  /** Inputs are given argument by argument; what is left belongs to the last one. */
  private static String argument(OpDef def, int input) {
    return def == null || def.args().isEmpty()
        ? "input"
        : def.args().get(Math.min(input, def.args().size() - 1)).name();
  }

  private static Attrs attrs(OnnxNode node) {
    Attrs attrs = Attrs.EMPTY;
    for (AttributeProto a : node.proto().getAttributeList()) {
      String name = a.getName();
      attrs =
          switch (a.getType()) {
            case INT -> attrs.with(name, OnnxNode.clamp(a.getI()));
            case FLOAT -> attrs.with(name, a.getF());
            case STRING -> attrs.with(name, a.getS().toStringUtf8());
            case INTS -> attrs.with(name, node.integers(name));
            case FLOATS -> attrs.with(name, AttrValue.ofFloats(node.reals(name)));
            default ->
                throw node.unsupported(node.type() + " with attribute '" + name + "' as it is");
          };
    }
    return attrs;
  }

  private static Attrs declared(OnnxNode node, GraphProto graph, Attrs attrs) {
    ValueInfoProto info =
        Stream.concat(graph.getValueInfoList().stream(), graph.getOutputList().stream())
            .filter(i -> i.getName().equals(node.output(0)))
            .findFirst()
            .orElse(ValueInfoProto.getDefaultInstance());
    TypeProto.Tensor tensor = info.getType().getTensorType();
    DataType type = ElementType.fromOnnx(tensor.getElemType());
    if (type == null
        || !tensor.hasShape()
        || tensor.getShape().getDimList().stream().anyMatch(d -> d.getDimValue() < 1)) {
      throw node.unsupported(
          "op of domain '"
              + node.proto().getDomain()
              + "' whose output neither the model nor a definition of type '"
              + node.type()
              + "' describes");
    }
    int[] dims =
        tensor.getShape().getDimList().stream()
            .mapToInt(d -> OnnxNode.clamp(d.getDimValue()))
            .toArray();
    return attrs.with("shape", Shape.of(dims).toArray()).with("data_type", type.toString());
  }
}
