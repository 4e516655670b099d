package io.sluice.onnx;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.ExportState.Stored;
import io.sluice.onnx.proto.GraphProto;
import io.sluice.onnx.proto.ModelProto;
import io.sluice.onnx.proto.OperatorSetIdProto;
import io.sluice.onnx.proto.TensorShapeProto;
import io.sluice.onnx.proto.TypeProto;
import io.sluice.onnx.proto.ValueInfoProto;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a float XIR graph, with or without {@code fix} ops, or a part of one, as an ONNX model (IR
 * 8, opset 17, or the opset of a node that was kept from a newer model).
 *
 * <p>Inputs and outputs of the model have the names and the shapes (NHWC) of the XIR tensors.
 * Inside, convolutions and pools work on NCHW and everything between them follows, so that
 * transposes are left at the borders and where the graph itself has them. The same graph gives the
 * same bytes every time.
 */
public final class OnnxExporter {
  /** The opset of an exported model, unless it holds nodes of a newer one. */
  static final int OPSET = 17;

  /** The domain of ONNX Runtime's own ops. */
  static final String RUNTIME_DOMAIN = "com.microsoft";

  private static final Map<String, OpExport> EXPORTS = exports();

  private OnnxExporter() {}

  private static Map<String, OpExport> exports() {
    Map<String, OpExport> exports = new HashMap<>();
    BlockExports.register(exports);
    ConvExports.register(exports);
    FixExports.register(exports);
    LayerExports.register(exports);
    NormExports.register(exports);
    PlainExports.register(exports);
    return Map.copyOf(exports);
  }

  /**
   * A model that computes {@code outputs} from {@code inputs}.
   *
   * @param inputs ops whose tensors are fed; any ops, so that a part of a graph can be exported
   * @param outputs ops whose tensors are given, none of them an input
   * @return the bytes of the model
   * @throws SluiceException ONNX_UNSUPPORTED_OP for an op that has no form in ONNX,
   *     VART_GRAPH_ERROR if the outputs depend on a data op that is not among the inputs
   */
  public static byte[] export(Graph graph, List<Op> inputs, List<Op> outputs) {
    return export(graph, inputs, outputs, FixExports.Form.FLOAT);
  }

  static byte[] export(Graph graph, List<Op> inputs, List<Op> outputs, FixExports.Form form) {
    Set<Op> fed = new HashSet<>(inputs);
    for (Op output : outputs) {
      if (fed.contains(output)) {
        throw new SluiceException(
            ErrorCode.VART_GRAPH_ERROR,
            "op '" + output.name() + "' is both input and output",
            "export of " + graph,
            "take it from the input");
      }
    }
    List<Op> order = graph.topologicalOrder();
    Set<Op> needed = needed(order, fed, outputs);
    Set<String> names = new HashSet<>();
    graph.ops().forEach(op -> names.add(op.output().name()));

    GraphProto.Builder proto = GraphProto.newBuilder().setName(graph.name());
    int opset = OPSET;
    for (Op op : needed) {
      opset =
          KeptNodes.isKept(op) && !fed.contains(op) ? Math.max(opset, KeptNodes.opset(op)) : opset;
    }
    ExportState state = new ExportState(proto, names, form, opset);
    for (Op input : inputs) {
      Tensor tensor = input.output();
      proto.addInput(info(tensor));
      state.put(input, new Stored(tensor.name(), Layout.identity(tensor.shape().rank())));
    }
    for (Op op : order) {
      if (needed.contains(op) && !fed.contains(op) && !ExportState.isConst(op)) {
        write(op, state);
      }
    }
    for (Op output : outputs) {
      Tensor tensor = output.output();
      String name = state.arranged(output, Layout.identity(tensor.shape().rank()));
      if (!name.equals(tensor.name())) {
        state.node("Identity", List.of(name), tensor.name());
      }
      proto.addOutput(info(tensor));
    }
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .setProducerName("sluice")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset));
    if (proto.getNodeList().stream().anyMatch(node -> node.getDomain().equals(RUNTIME_DOMAIN))) {
      model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(RUNTIME_DOMAIN).setVersion(1));
    }
    return model.setGraph(proto).build().toByteArray();
  }

  static Set<Op> needed(List<Op> order, Set<Op> fed, List<Op> outputs) {
    Set<Op> needed = new HashSet<>(outputs);
    for (int i = order.size() - 1; i >= 0; i--) {
      Op op = order.get(i);
      if (needed.contains(op) && !fed.contains(op)) {
        needed.addAll(op.allInputs());
      }
    }
    return needed;
  }

  /** Whether ONNX Runtime can run an op. */
  static boolean hasForm(Op op) {
    return EXPORTS.containsKey(op.type()) || CustomOps.isCustom(op.type()) || isSource(op);
  }

  private static boolean isSource(Op op) {
    return op.type().equals("data") || ExportState.isConst(op);
  }

  private static void write(Op op, ExportState state) {
    if (op.type().equals("data")) {
      throw new SluiceException(
          ErrorCode.VART_GRAPH_ERROR,
          "op '" + op.name() + "' (data) is needed but is not an input",
          "export to ONNX",
          "name it among the inputs");
    }
    OpExport export = KeptNodes.isKept(op) ? KeptNodes::export : EXPORTS.get(op.type());
    if (export == null && CustomOps.isCustom(op.type())) {
      export = PlainExports::custom;
    }
    if (export == null) {
      throw unsupported(op, "no form in ONNX");
    }
    export.write(op, state);
  }

  static SluiceException unsupported(Op op, String what) {
    return new SluiceException(
        ErrorCode.ONNX_UNSUPPORTED_OP,
        "cannot export " + op.type() + ": " + what,
        "op '" + op.name() + "'",
        "leave the op out of the exported part");
  }

  private static ValueInfoProto info(Tensor tensor) {
    int type = ElementType.toOnnx(tensor.type());
    if (type == 0) {
      throw new SluiceException(
          ErrorCode.XIR_INVALID_DATA_TYPE,
          "type " + tensor.type() + ", which ONNX does not have",
          "tensor '" + tensor.name() + "'",
          "cut the exported part at a float tensor");
    }
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int d : tensor.shape().toArray()) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(d));
    }
    return ValueInfoProto.newBuilder()
        .setName(tensor.name())
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }
}
