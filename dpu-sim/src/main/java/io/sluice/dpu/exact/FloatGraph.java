package io.sluice.dpu.exact;

import static io.sluice.onnx.OnnxAttributes.integer;
import static io.sluice.onnx.OnnxAttributes.ints;
import static io.sluice.onnx.OnnxAttributes.string;

import com.google.protobuf.ByteString;
import io.sluice.onnx.proto.AttributeProto;
import io.sluice.onnx.proto.GraphProto;
import io.sluice.onnx.proto.ModelProto;
import io.sluice.onnx.proto.NodeProto;
import io.sluice.onnx.proto.OperatorSetIdProto;
import io.sluice.onnx.proto.TensorProto;
import io.sluice.onnx.proto.TensorShapeProto;
import io.sluice.onnx.proto.TypeProto;
import io.sluice.onnx.proto.ValueInfoProto;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Builds an ONNX model (IR 8, opset 17) in which int8 values travel as floats. Tensors of four
 * dimensions are held NCHW inside and are transposed only where the model or an op needs them
 * channel-last; all others are held as XIR has them.
 */
final class FloatGraph {
  private static final int[] TO_CHANNELS_FIRST = {0, 3, 1, 2};
  private static final int[] TO_CHANNELS_LAST = {0, 2, 3, 1};

  private static final String CONTRIBUTED = "com.microsoft";

  /** Where each axis of NHWC is in NCHW. */
  private static final int[] AXIS = {0, 2, 3, 1};

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("dpu");
  private final Map<String, String> constants = new HashMap<>();
  private final Map<String, String> plain = new HashMap<>();
  private final Map<String, String> known = new HashMap<>();
  private final Map<String, Lifted> lifted = new HashMap<>();
  private final Map<String, String> bytes = new HashMap<>();
  private final Set<String> dequantized = new HashSet<>();
  private int names;

  /** What a value of int8 is held above, as a byte. */
  static final int ZERO = -Byte.MIN_VALUE;

  /**
   * A tensor of XIR in the graph.
   *
   * @param name of its float value, NCHW if it has four dimensions
   * @param shape channel-last
   */
  record Value(String name, Shape shape) {}

  /**
   * An integer with {@link BlockedArithmetic#MAGIC} added, before it is limited.
   *
   * @param name of its float value
   * @param low the smallest value of the integer once it is limited
   * @param high the largest
   * @param capped whether it is limited from above already
   */
  record Lifted(String name, int low, int high, boolean capped) {}

  /** A border tensor that comes in as int8. */
  Value input(Tensor tensor) {
    graph.addInput(border(tensor));
    String in = tensor.name();
    AttributeProto type = integer("to", TensorProto.DataType.FLOAT_VALUE);
    if (tensor.shape().rank() != 4) {
      return new Value(node("Cast", List.of(in), type), tensor.shape());
    }
    if (fillsBlocks(tensor)) {
      return fromChannelsLast(node("Cast", List.of(in), type), tensor.shape());
    }
    String turned = node("Transpose", List.of(in), ints("perm", TO_CHANNELS_FIRST));
    return new Value(node("Cast", List.of(turned), type), tensor.shape());
  }

  /**
   * Whether ONNX Runtime will hold a tensor in blocks, if it does so at all: then a transposition
   * of floats is part of the copy into or out of them. Else one of bytes is cheaper.
   */
  private static boolean fillsBlocks(Tensor tensor) {
    return tensor.shape().dim(3) % 8 == 0;
  }

  /** A border tensor that goes out. */
  void output(Tensor tensor, Value value) {
    graph.addOutput(border(tensor));
    AttributeProto type = integer("to", elementType(tensor.type()));
    if (tensor.shape().rank() == 4 && !fillsBlocks(tensor)) {
      String cast = node("Cast", List.of(value.name()), type);
      named("Transpose", List.of(cast), tensor.name(), ints("perm", TO_CHANNELS_LAST));
    } else {
      named("Cast", List.of(channelsLast(value)), tensor.name(), type);
    }
  }

  private static ValueInfoProto border(Tensor tensor) {
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (int d : tensor.shape().toArray()) {
      dims.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(d));
    }
    return ValueInfoProto.newBuilder()
        .setName(tensor.name())
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(elementType(tensor.type()))
                        .setShape(dims)))
        .build();
  }

  private static int elementType(DataType type) {
    return type.bytes() == 1 ? TensorProto.DataType.INT8_VALUE : TensorProto.DataType.INT32_VALUE;
  }

  byte[] toBytes() {
    prune();
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(CONTRIBUTED).setVersion(1))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  /** Takes out the nodes that nothing reads. */
  private void prune() {
    Set<String> read = new HashSet<>();
    graph.getOutputList().forEach(output -> read.add(output.getName()));
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
      if (read.contains(graph.getNode(i).getOutput(0))) {
        read.addAll(graph.getNode(i).getInputList());
      } else {
        graph.removeNode(i);
      }
    }
  }

  /** Adds a node and returns the name of its only output. */
  String node(String type, List<String> inputs, AttributeProto... attributes) {
    // border tensors are named by the model; '/' first keeps these apart from sane ones
    String name = "/" + type + "_" + names++;
    named(type, inputs, name, attributes);
    return name;
  }

  /** Adds a node of an op that ONNX Runtime has beyond ONNX. */
  String contributed(String type, List<String> inputs, AttributeProto... attributes) {
    String name = node(type, inputs, attributes);
    int last = graph.getNodeCount() - 1;
    graph.setNode(last, graph.getNode(last).toBuilder().setDomain(CONTRIBUTED));
    return name;
  }

  /**
   * A value as the one reader of it that is added needs it. ONNX Runtime takes a DequantizeLinear
   * to have one reader: when it turns the layout of an integer node around, it turns that of all
   * readers but adapts one.
   */
  private String own(String value) {
    if (!dequantized.contains(value)) {
      return value;
    }
    return node("DequantizeLinear", List.of(bytes.get(value), scalar(1), byteScalar(ZERO)));
  }

  private void named(
      String type, List<String> inputs, String output, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setName(output)
            .setOpType(type)
            .addAllInput(inputs.stream().map(this::own).toList())
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
  }

  /** An integer value as bytes, {@link #ZERO} more. */
  String bytes(String value) {
    return bytes.computeIfAbsent(
        value, v -> node("QuantizeLinear", List.of(v, scalar(1), byteScalar(ZERO))));
  }

  /** Whether a value is there as bytes already. */
  boolean hasBytes(Value value) {
    return bytes.containsKey(value.name());
  }

  /** Bytes limited to low..high, ZERO more. */
  String limited(String held, int low, int high) {
    return low == Byte.MIN_VALUE && high == Byte.MAX_VALUE
        ? held
        : node("Clip", List.of(held, byteScalar(low + ZERO), byteScalar(high + ZERO)));
  }

  /** The integer value of bytes; costs nothing if only its bytes are read. */
  String fromBytes(String held) {
    String value = node("DequantizeLinear", List.of(held, scalar(1), byteScalar(ZERO)));
    bytes.put(value, held);
    dequantized.add(value);
    return value;
  }

  /**
   * What nodes make of a value that only choose among its elements: in bytes, where it is there as
   * bytes.
   */
  String moved(Value value, UnaryOperator<String> nodes) {
    return hasBytes(value)
        ? fromBytes(nodes.apply(bytes(value.name())))
        : nodes.apply(value.name());
  }

  /** The name of a tensor in the order of XIR. */
  String channelsLast(Value value) {
    return value.shape().rank() != 4
        ? value.name()
        : plain.computeIfAbsent(
            value.name(), name -> node("Transpose", List.of(name), ints("perm", TO_CHANNELS_LAST)));
  }

  /** A value from a tensor in the order of XIR. */
  Value fromChannelsLast(String name, Shape shape) {
    if (shape.rank() != 4) {
      return new Value(name, shape);
    }
    String turned = node("Transpose", List.of(name), ints("perm", TO_CHANNELS_FIRST));
    plain.put(turned, name);
    return new Value(turned, shape);
  }

  /** Where an axis of a shape is in the tensor that holds it. */
  static int axis(Shape shape, int axis) {
    return shape.rank() == 4 ? AXIS[axis] : axis;
  }

  /** Numbers by axis of a shape, in the order of the tensor that holds it. */
  static int[] byAxis(Shape shape, int[] values) {
    int[] result = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      result[axis(shape, i)] = values[i];
    }
    return result;
  }

  String reshape(String name, int... dims) {
    return node("Reshape", List.of(name, longs(dims)));
  }

  String scalar(double value) {
    return floats(new float[] {(float) value});
  }

  String floats(float[] values, int... dims) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return constant(TensorProto.DataType.FLOAT_VALUE, raw, dims);
  }

  String longs(int... values) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(Arrays.stream(values).asLongStream().toArray());
    return constant(TensorProto.DataType.INT64_VALUE, raw, values.length);
  }

  String byteScalar(int value) {
    return constant(TensorProto.DataType.UINT8_VALUE, ByteBuffer.wrap(new byte[] {(byte) value}));
  }

  String int8Scalar(int value) {
    return int8s(new byte[] {(byte) value});
  }

  String int8s(byte[] values, int... dims) {
    return constant(TensorProto.DataType.INT8_VALUE, ByteBuffer.wrap(values), dims);
  }

  String int32s(int... values) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    raw.asIntBuffer().put(values);
    return constant(TensorProto.DataType.INT32_VALUE, raw, values.length);
  }

  private String constant(int type, ByteBuffer raw, int... dims) {
    ByteString data = ByteString.copyFrom(raw);
    String key =
        data.size() > 64 ? null : type + Arrays.toString(dims) + Arrays.toString(raw.array());
    String known = key == null ? null : constants.get(key);
    if (known != null) {
      return known;
    }
    TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(type).setRawData(data);
    for (int d : dims) {
      tensor.addDims(d);
    }
    String name = "/const_" + names++;
    graph.addInitializer(tensor.setName(name));
    if (key != null) {
      constants.put(key, name);
    }
    return name;
  }

  /** x * factor + term as a convolution of each channel with itself; each is made once. */
  String perChannel(String x, int channels, double factor, double term) {
    String key = x + " * " + factor + " + " + term;
    if (!known.containsKey(key)) {
      known.put(
          key,
          node(
              "Conv",
              List.of(x, filled(factor, channels, 1, 1, 1), filled(term, channels)),
              ints("kernel_shape", 1, 1),
              integer("group", channels)));
    }
    return known.get(key);
  }

  private String filled(double value, int... dims) {
    float[] values = new float[dims[0]];
    Arrays.fill(values, (float) value);
    return known.computeIfAbsent(value + Arrays.toString(dims), key -> floats(values, dims));
  }

  /** Keeps from what an integer was lowered, so that a multiple of it can be. */
  void remember(String integer, Lifted from) {
    lifted.put(integer, from);
  }

  /** From what an integer was lowered; null if it was not. */
  Lifted lifted(String integer) {
    return lifted.get(integer);
  }

  /** A multiple; of a value that is there as bytes, it costs no more than the value. */
  String multiply(String value, double factor) {
    if (factor == 1) {
      return value;
    }
    String held = bytes.get(value);
    return held == null
        ? node("Mul", List.of(value, scalar(factor)))
        : node("DequantizeLinear", List.of(held, scalar(factor), byteScalar(ZERO)));
  }

  String add(String value, double term) {
    return term == 0 ? value : node("Add", List.of(value, scalar(term)));
  }

  String add(String a, String b) {
    return node("Add", List.of(a, b));
  }

  String subtract(String a, String b) {
    return node("Sub", List.of(a, b));
  }

  String floor(String value) {
    return node("Floor", List.of(value));
  }

  /** Every pixel so many times, down and across. */
  String repeat(String value, int rows, int columns) {
    return node(
        "Resize",
        List.of(value, "", floats(new float[] {1, 1, rows, columns}, 4)),
        string("mode", "nearest"),
        string("coordinate_transformation_mode", "asymmetric"),
        string("nearest_mode", "floor"));
  }

  String relu(String value) {
    return node("Relu", List.of(value));
  }

  String clip(String value, double low, double high) {
    return node("Clip", List.of(value, scalar(low), scalar(high)));
  }
}
