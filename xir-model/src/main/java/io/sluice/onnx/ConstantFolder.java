package io.sluice.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.sluice.onnx.Value.Known;
import io.sluice.onnx.proto.GraphProto;
import io.sluice.onnx.proto.ModelProto;
import io.sluice.onnx.proto.ValueInfoProto;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Evaluates a node whose inputs are all known: the node alone is run in ONNX Runtime, so its
 * meaning is that of the runtime. Only ops whose result is known to be bounded are evaluated, no
 * result beyond {@link #MAX_ELEMENTS}, and all results together are bounded by the constants that
 * the model brings along: a file of a few nodes cannot fill the memory.
 */
final class ConstantFolder {
  /** Weights of this size are folded too (a reshape of a large table); nothing larger is made. */
  static final long MAX_ELEMENTS = 1L << 26;

  /** For shapes, masks and grids, which are made from small constants. */
  private static final long FREE_BYTES = 64L << 20;

  /** How often a constant of the model may be made anew, say cast and transposed. */
  private static final int COPIES = 4;

  private static final Set<String> BROADCAST =
      Set.of(
          "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Equal", "Greater", "Less", "Where",
          "And", "Or", "Mod");
  private static final Set<String> NO_LARGER =
      Set.of(
          "Cast",
          "Reshape",
          "Squeeze",
          "Unsqueeze",
          "Transpose",
          "Flatten",
          "Slice",
          "Identity",
          "Sqrt",
          "Exp",
          "Log",
          "Neg",
          "Abs",
          "Floor",
          "Ceil",
          "Round",
          "Reciprocal",
          "Not",
          "Clip",
          "ReduceMean",
          "ReduceMax",
          "ReduceMin",
          "ReduceSum",
          "ReduceProd",
          "Concat",
          "Relu",
          "Sigmoid",
          "Tanh",
          "Erf");

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private long bytesLeft = FREE_BYTES;

  /** A constant that the model brings along. */
  Known brought(TensorData constant) {
    bytesLeft += (long) COPIES * constant.array().length;
    return new Known(constant);
  }

  /** Evaluates the node if it can be; the values of its outputs are then put into the state. */
  boolean fold(OnnxNode node, ImportState state) {
    if (node.type().equals("ConstantOfShape")) {
      return constantOfShape(node, state);
    }
    if (node.outputCount() != 1 || node.inputCount() == 0 || KeptNodes.refusal(node) != null) {
      return false;
    }
    long bound = bound(node, state);
    if (bound > MAX_ELEMENTS) {
      bound = inferred(node, state);
    }
    if (bound > MAX_ELEMENTS || bound * Float.BYTES > bytesLeft) {
      return false;
    }
    GraphProto.Builder graph = alone(node, state);
    graph.addOutput(ValueInfoProto.newBuilder().setName(node.output(0)));
    ModelProto model = NodeOutputs.model(graph.build(), node.opset());
    TensorData result = run(model, node);
    bytesLeft -= result.array().length;
    state.put(node.output(0), new Known(result));
    return true;
  }

  private static GraphProto.Builder alone(OnnxNode node, ImportState state) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("fold").addNode(node.proto());
    Set<String> added = new HashSet<>();
    for (int i = 0; i < node.inputCount(); i++) {
      if (node.hasInput(i) && added.add(node.input(i))) {
        TensorData data = ((Known) state.value(node, i)).data();
        graph.addInitializer(Tensors.write(node.input(i), data));
      }
    }
    return graph;
  }

  /** The elements of the result if ONNX Runtime knows them before it computes it. */
  private static long inferred(OnnxNode node, ImportState state) {
    if (BROADCAST.contains(node.type())) {
      return Long.MAX_VALUE;
    }
    GraphProto graph = alone(node, state).build();
    NodeOutputs.Described output = NodeOutputs.infer(graph, List.of(), node.opset()).get(0);
    return output.problem() == null ? output.shape().elements() : Long.MAX_VALUE;
  }

  private TensorData run(ModelProto model, OnnxNode node) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      try (OrtSession session = environment.createSession(model.toByteArray(), options);
          OrtSession.Result result = session.run(Map.of())) {
        Optional<OnnxValue> value = result.get(node.output(0));
        return OrtTensors.read((OnnxTensor) value.orElseThrow());
      }
    } catch (OrtException e) {
      throw node.invalid("of constants cannot be evaluated: " + e.getMessage());
    }
  }

  /** The most elements that the result can have; beyond any limit when the op is not folded. */
  private static long bound(OnnxNode node, ImportState state) {
    long sum = 0;
    int rank = 0;
    for (int i = 0; i < node.inputCount(); i++) {
      if (node.hasInput(i)) {
        if (!(state.value(node, i) instanceof Known known)) {
          return Long.MAX_VALUE;
        }
        sum += known.shape().elements();
        rank = Math.max(rank, known.shape().rank());
      }
    }
    if (NO_LARGER.contains(node.type())) {
      return sum;
    }
    if (node.type().equals("NonZero")) {
      // Each element is listed at most once, by its index on every axis.
      return sum * Math.max(1, rank);
    }
    if (node.type().equals("Gather")) {
      // Each index picks at most the whole of the data.
      Shape data = state.value(node, 0).shape();
      Shape indices = state.value(node, 1).shape();
      return (long) data.elements() * Math.max(1, indices.elements());
    }
    if (!BROADCAST.contains(node.type())) {
      return Long.MAX_VALUE;
    }
    double product = 1;
    for (int d = 0; d < rank; d++) {
      int largest = 1;
      for (int i = 0; i < node.inputCount(); i++) {
        if (node.hasInput(i)) {
          largest = Math.max(largest, Layout.padRank(state.value(node, i).shape(), rank).dim(d));
        }
      }
      product *= largest;
    }
    return product > MAX_ELEMENTS ? Long.MAX_VALUE : (long) product;
  }

  private boolean constantOfShape(OnnxNode node, ImportState state) {
    int[] dims = state.integers(node, 0);
    Shape shape = Shape.of(dims);
    TensorData value =
        node.tensor("value") == null
            ? TensorData.ofFloats(Shape.of(1), 0f)
            : Tensors.read(node.tensor("value"), node.output(0), new ExternalData(null));
    int width = value.type().bytes();
    if (value.shape().elements() != 1) {
      throw node.invalid("of a value of " + value.shape().elements() + " elements");
    }
    long length = (long) shape.elements() * width;
    if (length > bytesLeft) {
      throw node.invalid("of " + shape.elements() + " elements, or after too many others");
    }
    bytesLeft -= length;
    byte[] bytes = new byte[(int) length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = value.array()[i % width];
    }
    state.put(node.output(0), new Known(TensorData.wrap(value.type(), shape, bytes)));
    return true;
  }
}
