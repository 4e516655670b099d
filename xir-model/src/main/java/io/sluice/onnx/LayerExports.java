package io.sluice.onnx;

import static io.sluice.onnx.OnnxAttributes.integer;
import static io.sluice.onnx.OnnxAttributes.real;

import io.sluice.onnx.ExportState.Stored;
import io.sluice.onnx.proto.AttributeProto;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The ops of {@link LayerRules}, spelled out where opset 17 has no op of the kind. */
final class LayerExports {
  private LayerExports() {}

  static void register(Map<String, OpExport> exports) {
    exports.put("gelu", LayerExports::gelu);
    exports.put("mish", LayerExports::mish);
    exports.put("selu", LayerExports::selu);
    exports.put("prelu", LayerExports::prelu);
    exports.put("instancenorm", LayerExports::instanceNorm);
    exports.put("groupnorm", LayerExports::groupNorm);
    exports.put("argmax", LayerExports::argMax);
  }

  /** A node on the way to an op's tensor; its name. */
  private static String step(
      Op op, ExportState state, String type, List<String> in, AttributeProto... attributes) {
    String name = state.fresh(op.output().name() + "." + type);
    state.node(type, in, name, attributes);
    return name;
  }

  private static String scalar(ExportState state, float value) {
    return state.constant("number" + value, TensorData.ofFloats(Shape.of(), value));
  }

  private static void gelu(Op op, ExportState state) {
    Stored x = state.stored(op.input());
    String root = scalar(state, (float) Math.sqrt(0.5));
    String erf = step(op, state, "Erf", List.of(step(op, state, "Mul", List.of(x.name(), root))));
    String gate = step(op, state, "Add", List.of(erf, scalar(state, 1f)));
    String half = step(op, state, "Mul", List.of(x.name(), scalar(state, 0.5f)));
    state.emit(op, x.layout(), "Mul", List.of(half, gate));
  }

  private static void mish(Op op, ExportState state) {
    Stored x = state.stored(op.input());
    String gate = step(op, state, "Tanh", List.of(step(op, state, "Softplus", List.of(x.name()))));
    state.emit(op, x.layout(), "Mul", List.of(x.name(), gate));
  }

  private static void selu(Op op, ExportState state) {
    Stored x = state.stored(op.input());
    state.emit(op, x.layout(), "Selu", List.of(x.name()));
  }

  private static void prelu(Op op, ExportState state) {
    Stored x = state.stored(op.input());
    Op weight = op.input("weight");
    if (!ExportState.isConst(weight)) {
      throw OnnxExporter.unsupported(op, "slopes that are not a const op");
    }
    int count = weight.output().shape().elements();
    String slopes =
        state.constant(weight, data -> x.layout().broadcastOperand(data.reshape(Shape.of(count))));
    state.emit(op, x.layout(), "PRelu", List.of(x.name(), slopes));
  }

  private static void instanceNorm(Op op, ExportState state) {
    requireMap(op);
    String x = state.arranged(op.input(), Layout.channelsFirst());
    int channels = op.output().shape().dim(3);
    state.emit(
        op,
        Layout.channelsFirst(),
        "InstanceNormalization",
        List.of(
            x,
            parameter(op, state, "weight", 1f, channels),
            parameter(op, state, "bias", 0f, channels)),
        real("epsilon", op.attrs().getFloat("eps")));
  }

  private static String parameter(
      Op op, ExportState state, String argument, float fallback, int count) {
    if (!op.inputs(argument).isEmpty()) {
      return state.stored(op.input(argument)).name();
    }
    return filled(op, state, fallback, count);
  }

  private static String filled(Op op, ExportState state, float value, int count) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return state.constant(op.name() + ".all" + value, TensorData.ofFloats(Shape.of(count), values));
  }

  /** Each group, laid out as one channel, is normalised as an instance. */
  private static void groupNorm(Op op, ExportState state) {
    requireMap(op);
    Shape s = op.output().shape();
    int groups = op.attrs().getInt("num_groups");
    String x = state.arranged(op.input(), Layout.channelsFirst());
    String grouped = state.longTensor(op.name() + ".groups", s.dim(0), groups, -1);
    String rows = step(op, state, "Reshape", List.of(x, grouped));
    String normal =
        step(
            op,
            state,
            "InstanceNormalization",
            List.of(rows, filled(op, state, 1f, groups), filled(op, state, 0f, groups)),
            real("epsilon", op.attrs().getFloat("eps")));
    String back = state.longTensor(op.name() + ".map", s.dim(0), s.dim(3), s.dim(1), s.dim(2));
    String column = state.longTensor(op.name() + ".column", s.dim(3), 1, 1);
    String map = step(op, state, "Reshape", List.of(normal, back));
    String weight = parameter(op, state, "weight", 1f, s.dim(3));
    String scaled =
        step(op, state, "Mul", List.of(map, step(op, state, "Reshape", List.of(weight, column))));
    String bias = parameter(op, state, "bias", 0f, s.dim(3));
    state.emit(
        op,
        Layout.channelsFirst(),
        "Add",
        List.of(scaled, step(op, state, "Reshape", List.of(bias, column))));
  }

  private static void argMax(Op op, ExportState state) {
    Stored x = state.stored(op.input());
    int axis = x.layout().stored(op.attrs().getInt("axis"));
    String index =
        step(op, state, "ArgMax", List.of(x.name()), integer("axis", axis), integer("keepdims", 1));
    int type = ElementType.toOnnx(op.output().type());
    state.emit(op, x.layout(), "Cast", List.of(index), integer("to", type));
  }

  private static void requireMap(Op op) {
    if (op.output().shape().rank() != 4) {
      throw OnnxExporter.unsupported(op, "a shape of " + op.output().shape());
    }
  }
}
