package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import io.sluice.onnx.OnnxImporter;
import io.sluice.onnx.OrtTensors;
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
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A line of the table of kept operators: one node on a feature map, in one opset. */
final class KeptRow {
  private final String type;
  private final int opset;
  private final int[] shape;
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("row");
  private final NodeProto.Builder node;
  private final Random random = new Random(7);
  private String feed = "x";

  private KeptRow(String type, int opset, int... shape) {
    this.type = type;
    this.opset = opset;
    this.shape = shape;
    this.node = NodeProto.newBuilder().setName("n").setOpType(type).addOutput("y0");
  }

  /**
   * @param shape of the first input, N x C x H x W, normally distributed
   */
  static KeptRow row(String type, int opset, int... shape) {
    KeptRow row = new KeptRow(type, opset, shape);
    row.node.addInput("x");
    return row;
  }

  KeptRow domain(String domain) {
    node.setDomain(domain);
    return this;
  }

  /** The first input comes through another node. */
  KeptRow through(String before, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(before)
            .addInput(feed)
            .addOutput(feed + before)
            .addAllAttribute(List.of(attributes)));
    feed += before;
    node.setInput(0, feed);
    return this;
  }

  KeptRow floats(int[] dims, float... values) {
    return constant(TensorData.ofFloats(Shape.of(dims), values));
  }

  KeptRow weights(int... dims) {
    float[] values = new float[Shape.of(dims).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return floats(dims, values);
  }

  KeptRow longs(int[] dims, long... values) {
    return constant(TensorData.ofLongs(Shape.of(dims), values));
  }

  KeptRow list(long... values) {
    return longs(new int[] {values.length}, values);
  }

  KeptRow bools(boolean... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    DataType bool = new DataType(DataType.Kind.UINT, 1);
    return constant(TensorData.wrap(bool, Shape.of(bytes.length), bytes));
  }

  KeptRow bytes(byte... values) {
    return constant(TensorData.wrap(DataType.INT8, Shape.of(values.length), values));
  }

  KeptRow absent() {
    node.addInput("");
    return this;
  }

  KeptRow outputs(int count) {
    for (int i = node.getOutputCount(); i < count; i++) {
      node.addOutput("y" + i);
    }
    return this;
  }

  private KeptRow constant(TensorData data) {
    String name = "c" + graph.getInitializerCount();
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(onnxType(data.type()))
            .setRawData(ByteString.copyFrom(data.array()));
    Arrays.stream(data.shape().toArray()).forEach(tensor::addDims);
    graph.addInitializer(tensor);
    node.addInput(name);
    return this;
  }

  private static int onnxType(DataType type) {
    return type.kind() == DataType.Kind.FLOAT
        ? TensorProto.DataType.FLOAT_VALUE
        : type.equals(DataType.INT64)
            ? TensorProto.DataType.INT64_VALUE
            : type.equals(DataType.INT8)
                ? TensorProto.DataType.INT8_VALUE
                : TensorProto.DataType.BOOL_VALUE;
  }

  KeptRow with(String name, int... values) {
    AttributeProto.Builder a = AttributeProto.newBuilder().setName(name);
    a.setType(AttributeProto.AttributeType.INTS);
    Arrays.stream(values).forEach(a::addInts);
    node.addAttribute(a);
    return this;
  }

  KeptRow with(String name, long value) {
    node.addAttribute(integer(name, value));
    return this;
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  KeptRow with(String name, float value) {
    node.addAttribute(
        AttributeProto.newBuilder()
            .setName(name)
            .setType(AttributeProto.AttributeType.FLOAT)
            .setF(value));
    return this;
  }

  KeptRow with(String name, String value) {
    node.addAttribute(
        AttributeProto.newBuilder()
            .setName(name)
            .setType(AttributeProto.AttributeType.STRING)
            .setS(ByteString.copyFromUtf8(value)));
    return this;
  }

  private static byte[] model(GraphProto graph, int opset) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  /** The model; its outputs are all that the node gives. */
  byte[] onnx() {
    GraphProto.Builder full = graph.clone().addNode(node);
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (int d : shape) {
      dims.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(d));
    }
    TypeProto.Tensor.Builder input = TypeProto.Tensor.newBuilder().setElemType(1).setShape(dims);
    full.addInput(
        ValueInfoProto.newBuilder()
            .setName("x")
            .setType(TypeProto.newBuilder().setTensorType(input)));
    node.getOutputList().forEach(name -> full.addOutput(ValueInfoProto.newBuilder().setName(name)));
    return model(full.build(), opset);
  }

  /**
   * Import and the graph runner against ONNX Runtime on the model itself, which runs it as it
   * stands.
   *
   * @return the types of the ops that it became
   */
  List<String> verify() throws OrtException {
    float[] values = new float[Shape.of(shape).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    TensorData x = TensorData.ofFloats(Shape.of(shape), values);
    byte[] model = onnx();
    Map<String, TensorData> wanted = original(model, x);
    Graph imported = OnnxImporter.importModel(model, toString(), Map.of());
    try (GraphRunner runner = GraphRunner.create(imported, RunnerOptions.standard())) {
      Map<String, TensorData> actual = runner.execute(Map.of("x", channelsLast(x)));
      assertThat(actual).containsOnlyKeys(wanted.keySet());
      wanted.forEach((name, value) -> requireClose(actual.get(name), channelsLast(value)));
    }
    return imported.topologicalOrder().stream().map(Op::type).toList();
  }

  private Map<String, TensorData> original(byte[] model, TensorData x) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, TensorData> outputs = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      try (OrtSession session = environment.createSession(model, options);
          OnnxTensor tensor = OrtTensors.write(environment, x);
          OrtSession.Result result = session.run(Map.of("x", tensor))) {
        result.forEach(e -> outputs.put(e.getKey(), OrtTensors.read((OnnxTensor) e.getValue())));
      }
    }
    return outputs;
  }

  private static void requireClose(TensorData actual, TensorData wanted) {
    assertThat(actual.type()).isEqualTo(wanted.type());
    assertThat(actual.shape()).isEqualTo(wanted.shape());
    if (!wanted.type().equals(DataType.FLOAT32)) {
      assertThat(actual.array()).isEqualTo(wanted.array());
      return;
    }
    float[] a = actual.toFloats();
    float[] w = wanted.toFloats();
    for (int i = 0; i < w.length; i++) {
      float off = Math.abs(a[i] - w[i]) / Math.max(1, Math.abs(w[i]));
      assertThat(Float.compare(a[i], w[i]) == 0 || off <= 1e-5f)
          .as("value %s is %s, not %s", i, a[i], w[i])
          .isTrue();
    }
  }

  /** Feature maps as the importer stores them: NHWC. */
  private static TensorData channelsLast(TensorData data) {
    if (data.shape().rank() != 4) {
      return data;
    }
    int[] d = data.shape().toArray();
    int width = data.type().bytes();
    byte[] from = data.array();
    byte[] to = new byte[from.length];
    for (int i = 0; i < data.shape().elements(); i++) {
      int w = i % d[3];
      int h = i / d[3] % d[2];
      int c = i / (d[3] * d[2]) % d[1];
      int n = i / (d[3] * d[2] * d[1]);
      int at = ((n * d[2] + h) * d[3] + w) * d[1] + c;
      System.arraycopy(from, i * width, to, at * width, width);
    }
    return TensorData.wrap(data.type(), Shape.of(d[0], d[2], d[3], d[1]), to);
  }

  @Override
  public String toString() {
    List<String> said = new ArrayList<>();
    node.getAttributeList()
        .forEach(
            a ->
                said.add(
                    a.getName()
                        + " "
                        + switch (a.getType()) {
                          case INT -> a.getI();
                          case FLOAT -> a.getF();
                          case STRING -> a.getS().toStringUtf8();
                          default -> a.getIntsList();
                        }));
    return type + "-" + opset + " " + Shape.of(shape) + " " + String.join(", ", said);
  }
}
