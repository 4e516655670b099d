package io.sluice.zoo;

import com.google.protobuf.ByteString;
import io.sluice.onnx.proto.AttributeProto;
import io.sluice.onnx.proto.AttributeProto.AttributeType;
import io.sluice.onnx.proto.GraphProto;
import io.sluice.onnx.proto.ModelProto;
import io.sluice.onnx.proto.NodeProto;
import io.sluice.onnx.proto.OperatorSetIdProto;
import io.sluice.onnx.proto.TensorProto;
import io.sluice.onnx.proto.TensorShapeProto;
import io.sluice.onnx.proto.TypeProto;
import io.sluice.onnx.proto.ValueInfoProto;
import io.sluice.xir.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Nodes, weights and borders of one ONNX file, named as PyTorch names them. */
final class OnnxFileBuilder {
  private final GraphProto.Builder graph;
  private final int opset;
  private final SplittableRandom random;

  OnnxFileBuilder(String name, int opset, long seed) {
    this.graph = GraphProto.newBuilder().setName(name);
    this.opset = opset;
    this.random = new SplittableRandom(seed);
  }

  Feature input(String name, int... dims) {
    Feature feature = new Feature(name, Shape.of(dims));
    graph.addInput(info(feature));
    return feature;
  }

  void output(Feature feature) {
    graph.addOutput(info(feature));
  }

  /** Adds a node; empty inputs are optional ones that are not given. */
  Feature node(String type, Shape shape, List<String> inputs, AttributeProto... attributes) {
    String name = "/" + type + "_" + graph.getNodeCount();
    graph.addNode(
        NodeProto.newBuilder()
            .setName(name)
            .setOpType(type)
            .addAllInput(inputs)
            .addOutput(name + "_output_0")
            .addAllAttribute(List.of(attributes)));
    return new Feature(name + "_output_0", shape);
  }

  /**
   * Weights of a uniform distribution.
   *
   * @param deviation their standard deviation
   */
  String weights(String suffix, double mean, double deviation, int... dims) {
    double half = Math.sqrt(3) * deviation;
    float[] values = new float[Shape.of(dims).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + half * (2 * random.nextDouble() - 1));
    }
    return floats(suffix, values, dims);
  }

  String floats(String suffix, float[] values, int... dims) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return initializer(suffix, TensorProto.DataType.FLOAT, bytes.array(), dims);
  }

  String longs(String suffix, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return initializer(suffix, TensorProto.DataType.INT64, bytes.array(), values.length);
  }

  private String initializer(String suffix, TensorProto.DataType type, byte[] raw, int... dims) {
    String name = "onnx::" + graph.getInitializerCount() + "." + suffix;
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(raw));
    for (int dim : dims) {
      tensor.addDims(dim);
    }
    graph.addInitializer(tensor);
    return name;
  }

  /** A scalar that a Constant node gives. */
  String constant(float value) {
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, value);
    TensorProto tensor =
        TensorProto.newBuilder()
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .setRawData(ByteString.copyFrom(bytes.array()))
            .build();
    AttributeProto attribute =
        AttributeProto.newBuilder()
            .setName("value")
            .setType(AttributeType.TENSOR)
            .setT(tensor)
            .build();
    return node("Constant", Shape.of(), List.of(), attribute).name();
  }

  byte[] build() {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setProducerName("pytorch")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  static AttributeProto ints(String name, int... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (int value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  static AttributeProto integer(String name, int value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto real(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto string(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFrom(value, StandardCharsets.UTF_8))
        .build();
  }

  private static ValueInfoProto info(Feature feature) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int dim : feature.shape().toArray()) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    TypeProto.Tensor.Builder type =
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(feature.name())
        .setType(TypeProto.newBuilder().setTensorType(type))
        .build();
  }
}
