package io.sluice.onnx;

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
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Random;

/** Builds small ONNX models in code. */
final class OnnxModelBuilder {
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
  private final int opset;
  private final Random random = new Random(7);

  OnnxModelBuilder(int opset) {
    this.opset = opset;
  }

  /** A float input; a dimension of -1 is left open. */
  OnnxModelBuilder input(String name, int... dims) {
    graph.addInput(info(name, dims));
    return this;
  }

  OnnxModelBuilder output(String name) {
    graph.addOutput(ValueInfoProto.newBuilder().setName(name));
    return this;
  }

  OnnxModelBuilder initializer(String name, TensorData data) {
    graph.addInitializer(Tensors.write(name, data));
    return this;
  }

  OnnxModelBuilder initializer(TensorProto tensor) {
    graph.addInitializer(tensor);
    return this;
  }

  OnnxModelBuilder floats(String name, float... values) {
    return initializer(name, TensorData.ofFloats(Shape.of(values.length), values));
  }

  OnnxModelBuilder scalar(String name, float value) {
    return initializer(name, TensorData.ofFloats(Shape.of(), value));
  }

  OnnxModelBuilder longs(String name, long... values) {
    return initializer(name, TensorData.ofLongs(Shape.of(values.length), values));
  }

  /** Random weights of about unit variance over their fan-in. */
  OnnxModelBuilder weights(String name, int... dims) {
    return initializer(name, random(random, dims));
  }

  static TensorData random(Random random, int... dims) {
    Shape shape = Shape.of(dims);
    float[] values = new float[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return TensorData.ofFloats(shape, values);
  }

  /** A Constant node. */
  OnnxModelBuilder constantNode(String name, TensorData data) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Constant")
            .addOutput(name)
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("value")
                    .setType(AttributeType.TENSOR)
                    .setT(Tensors.write("", data))));
    return this;
  }

  OnnxModelBuilder node(String type, List<String> in, String out, AttributeProto... attributes) {
    return node(type, in, List.of(out), attributes);
  }

  OnnxModelBuilder node(
      String type, List<String> in, List<String> out, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setName("n" + graph.getNodeCount())
            .setOpType(type)
            .addAllInput(in)
            .addAllOutput(out)
            .addAllAttribute(List.of(attributes)));
    return this;
  }

  OnnxModelBuilder node(NodeProto node) {
    graph.addNode(node);
    return this;
  }

  ModelProto proto() {
    return ModelProto.newBuilder()
        .setIrVersion(7)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build();
  }

  byte[] build() {
    return proto().toByteArray();
  }

  static AttributeProto ints(String name, int... values) {
    return OnnxAttributes.ints(name, values);
  }

  static AttributeProto integer(String name, int value) {
    return OnnxAttributes.integer(name, value);
  }

  static AttributeProto real(String name, float value) {
    return OnnxAttributes.real(name, value);
  }

  static AttributeProto string(String name, String value) {
    return OnnxAttributes.string(name, value);
  }

  private static ValueInfoProto info(String name, int... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int d : dims) {
      TensorShapeProto.Dimension.Builder dim = TensorShapeProto.Dimension.newBuilder();
      shape.addDim(d < 0 ? dim.setDimParam("open") : dim.setDimValue(d));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape)))
        .build();
  }
}
