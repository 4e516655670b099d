package io.sluice.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.sluice.onnx.proto.GraphProto;
import io.sluice.onnx.proto.ModelProto;
import io.sluice.onnx.proto.NodeProto;
import io.sluice.onnx.proto.OperatorSetIdProto;
import io.sluice.onnx.proto.TensorShapeProto;
import io.sluice.onnx.proto.TypeProto;
import io.sluice.onnx.proto.ValueInfoProto;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Types and shapes of a node's outputs, as ONNX Runtime infers them when it loads the node. */
final class NodeOutputs {
  /** An output, or why it has no place in a graph of fixed shapes. */
  record Described(DataType type, Shape shape, String problem) {}

  private NodeOutputs() {}

  /**
   * @param graph one node; its inputs in the order of {@code inputs}, its constants as initializers
   * @return the outputs that have a name, in order; one with a problem if the node is refused
   */
  static List<Described> infer(GraphProto graph, List<Op> inputs, int opset) {
    GraphProto.Builder full = graph.toBuilder().clearInput();
    for (int i = 0; i < inputs.size(); i++) {
      full.addInput(info(graph.getInput(i).getName(), inputs.get(i)));
    }
    List<String> wanted =
        graph.getNode(0).getOutputList().stream().filter(name -> !name.isEmpty()).toList();
    for (String name : wanted) {
      full.addOutput(ValueInfoProto.newBuilder().setName(name));
      // A tensor of unknown rank looks like a scalar, but its shape is a vector of unknown length.
      full.addNode(
          NodeProto.newBuilder().setOpType("Shape").addInput(name).addOutput(shapeOf(name)));
      full.addOutput(ValueInfoProto.newBuilder().setName(shapeOf(name)));
    }
    ModelProto model = model(full.build(), opset);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      try (OrtSession session = environment.createSession(model.toByteArray(), options)) {
        List<Described> outputs = new ArrayList<>();
        for (String name : wanted) {
          Map<String, NodeInfo> infos = session.getOutputInfo();
          boolean ranked = dims(infos.get(shapeOf(name)))[0] >= 0;
          outputs.add(
              ranked
                  ? described(infos.get(name))
                  : unranked(graph.getNode(0).getOpType(), infos.get(name), inputs));
        }
        return outputs;
      }
    } catch (OrtException e) {
      return List.of(new Described(null, null, "ONNX Runtime refuses it: " + e.getMessage()));
    }
  }

  /** A model of one graph in an opset, and in that of ONNX Runtime's own ops. */
  static ModelProto model(GraphProto graph, int opset) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .addOpsetImport(
            OperatorSetIdProto.newBuilder().setDomain(OnnxExporter.RUNTIME_DOMAIN).setVersion(1))
        .setGraph(graph)
        .build();
  }

  private static ValueInfoProto info(String name, Op op) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int d : op.output().shape().toArray()) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(d));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(ElementType.toOnnx(op.output().type()))
                        .setShape(shape)))
        .build();
  }

  private static String shapeOf(String output) {
    return "shape of " + output;
  }

  private static long[] dims(NodeInfo info) {
    return info.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[] {-1};
  }

  /** ONNX Runtime infers no shape at all for some ops; of these one keeps that of its input. */
  private static Described unranked(String type, NodeInfo info, List<Op> inputs) {
    return type.equals("MeanVarianceNormalization") && inputs.size() == 1
        ? new Described(DataType.FLOAT32, inputs.get(0).output().shape(), null)
        : new Described(null, null, "nothing says the shape of its output " + info.getName());
  }

  private static Described described(NodeInfo info) {
    if (!(info.getInfo() instanceof TensorInfo tensor)) {
      return new Described(null, null, "it gives no tensor");
    }
    DataType type = ElementType.fromRuntime(tensor.type);
    if (type == null) {
      return new Described(null, null, "it gives values of type " + tensor.type);
    }
    long[] dims = tensor.getShape();
    if (Arrays.stream(dims).anyMatch(d -> d < 1)) {
      return new Described(
          null, null, "the shape of its output depends on values: " + Arrays.toString(dims));
    }
    return new Described(
        type, Shape.of(Arrays.stream(dims).mapToInt(OnnxNode::clamp).toArray()), null);
  }
}
