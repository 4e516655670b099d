package io.sluice.vart.example;

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
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Random;

/** A small ONNX file with nodes of a domain of its own. */
final class OnnxNet {
  /** The domain of the custom ops. */
  static final String DOMAIN = "example";

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("net");
  private final Random random = new Random(11);

  OnnxNet input(String name, int... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int dim : dims) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape);
    graph.addInput(
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(TypeProto.newBuilder().setTensorType(tensor)));
    return this;
  }

  /** Evenly distributed between -0.5 and 0.5, or as many values as are given. */
  TensorData constant(String name, int... dims) {
    float[] values = new float[Shape.of(dims).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    TensorData data = TensorData.ofFloats(Shape.of(dims), values);
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .setRawData(ByteString.copyFrom(data.array()));
    for (int dim : dims) {
      tensor.addDims(dim);
    }
    graph.addInitializer(tensor);
    return data;
  }

  OnnxNet node(String domain, String type, String out, List<String> in, AttributeProto... attrs) {
    graph.addNode(
        NodeProto.newBuilder()
            .setName(out)
            .setDomain(domain)
            .setOpType(type)
            .addAllInput(in)
            .addOutput(out)
            .addAllAttribute(List.of(attrs)));
    return this;
  }

  /** A convolution with a border that keeps the size. */
  TensorData conv(String out, String in, int outputs, int inputs, int kernel) {
    TensorData weights = constant(out + "_w", outputs, inputs, kernel, kernel);
    int pad = kernel / 2;
    AttributeProto pads = ints("pads", pad, pad, pad, pad);
    node("", "Conv", out, List.of(in, out + "_w"), pads);
    return weights;
  }

  byte[] build(String output) {
    graph.addOutput(ValueInfoProto.newBuilder().setName(output));
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(16))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(DOMAIN).setVersion(1))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  static AttributeProto integer(String name, int value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  private static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }
}
