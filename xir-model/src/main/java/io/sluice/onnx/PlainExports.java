package io.sluice.onnx;

import static io.sluice.onnx.OnnxAttributes.integer;
import static io.sluice.onnx.OnnxAttributes.ints;
import static io.sluice.onnx.OnnxAttributes.real;
import static io.sluice.onnx.OnnxAttributes.string;

import io.sluice.onnx.ExportState.Stored;
import io.sluice.onnx.proto.AttributeProto;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Ops that work in any layout, or in the layout of XIR only. */
final class PlainExports {
  private PlainExports() {}

  static void register(Map<String, OpExport> exports) {
    chain(exports, "add", "Add");
    chain(exports, "sub", "Sub");
    chain(exports, "mul", "Mul");
    chain(exports, "div", "Div");
    chain(exports, "max", "Max");
    chain(exports, "min", "Min");
    unary(exports, "relu", "Relu");
    unary(exports, "sigmoid", "Sigmoid");
    unary(exports, "tanh", "Tanh");
    unary(exports, "exp", "Exp");
    unary(exports, "neg", "Neg");
    unary(exports, "hard-swish", "HardSwish");
    unary(exports, "identity", "Identity");
    exports.put(
        "hard-sigmoid",
        (op, s) -> unary(op, s, "HardSigmoid", real("alpha", 1f / 6f), real("beta", 0.5f)));
    exports.put("hard-tanh", (op, s) -> clip(op, s, -1f, 1f));
    exports.put("relu6", (op, s) -> clip(op, s, 0f, 6f));
    exports.put("leaky-relu", (op, s) -> alpha(op, s, "LeakyRelu", 0f));
    exports.put("elu", (op, s) -> alpha(op, s, "Elu", 1f));
    exports.put("celu", (op, s) -> alpha(op, s, "Celu", 1f));
    exports.put("swish", PlainExports::swish);
    exports.put("softmax", PlainExports::softmax);
    exports.put("cast", PlainExports::cast);
    exports.put("transpose", PlainExports::transpose);
    exports.put("reshape", PlainExports::reshape);
    exports.put("flatten", PlainExports::reshape);
    exports.put("squeeze", PlainExports::reshape);
    exports.put("strided_slice", PlainExports::slice);
    exports.put("concat", PlainExports::concat);
    exports.put("pad", PlainExports::pad);
    exports.put("matmul", PlainExports::matMul);
    exports.put("reduction_mean", (op, s) -> reduce(op, s, "ReduceMean"));
    exports.put("reduction_max", (op, s) -> reduce(op, s, "ReduceMax"));
    exports.put("reduction_sum", (op, s) -> reduce(op, s, "ReduceSum"));
    exports.put("reduction_product", (op, s) -> reduce(op, s, "ReduceProd"));
  }

  /** An op of ONNX that works value by value on the operands of a custom op. */
  static void custom(Op op, ExportState state) {
    Layout layout = state.commonLayout(op);
    state.emit(op, layout, CustomOps.onnxType(op.type()), state.operands(op, layout));
  }

  /** An op of many operands becomes nodes of two, from left to right. */
  private static void chain(Map<String, OpExport> exports, String type, String onnx) {
    exports.put(
        type,
        (op, state) -> {
          Layout layout = state.commonLayout(op);
          List<String> operands = state.operands(op, layout);
          String left = operands.get(0);
          for (int i = 1; i < operands.size() - 1; i++) {
            String partial = state.fresh(op.output().name() + ".partial");
            state.node(onnx, List.of(left, operands.get(i)), partial);
            left = partial;
          }
          state.emit(op, layout, onnx, List.of(left, operands.get(operands.size() - 1)));
        });
  }

  private static void unary(Map<String, OpExport> exports, String type, String onnx) {
    exports.put(type, (op, state) -> unary(op, state, onnx));
  }

  private static void unary(Op op, ExportState state, String onnx, AttributeProto... attributes) {
    Stored x = state.stored(op.input());
    state.emit(op, x.layout(), onnx, List.of(x.name()), attributes);
  }

  private static void alpha(Op op, ExportState state, String onnx, float fallback) {
    float alpha = op.attrs().has("alpha") ? op.attrs().getFloat("alpha") : fallback;
    unary(op, state, onnx, real("alpha", alpha));
  }

  private static void clip(Op op, ExportState state, float low, float high) {
    Stored x = state.stored(op.input());
    String min = state.constant("limit" + low, TensorData.ofFloats(Shape.of(), low));
    String max = state.constant("limit" + high, TensorData.ofFloats(Shape.of(), high));
    state.emit(op, x.layout(), "Clip", List.of(x.name(), min, max));
  }

  private static void swish(Op op, ExportState state) {
    Stored x = state.stored(op.input());
    String gate = state.fresh(op.output().name() + ".gate");
    state.node("Sigmoid", List.of(x.name()), gate);
    state.emit(op, x.layout(), "Mul", List.of(x.name(), gate));
  }

  private static void softmax(Op op, ExportState state) {
    Stored x = state.stored(op.input());
    int axis = x.layout().stored(op.attrs().getInt("axis"));
    unary(op, state, "Softmax", integer("axis", axis));
  }

  private static void cast(Op op, ExportState state) {
    DataType to = op.output().type();
    if (ElementType.toOnnx(to) == 0) {
      throw OnnxExporter.unsupported(op, "element type " + to);
    }
    unary(op, state, "Cast", integer("to", ElementType.toOnnx(to)));
  }

  /** Only the layout on record changes. */
  private static void transpose(Op op, ExportState state) {
    Stored x = state.stored(op.input());
    int[] order = op.attrs().getInts("order");
    state.put(op, new Stored(x.name(), x.layout().transposed(order)));
  }

  /** Shape inference has worked out the shape, whatever the op. */
  private static void reshape(Op op, ExportState state) {
    Shape shape = op.output().shape();
    String target = state.longTensor(op.output().name() + ".shape", shape.toArray());
    state.emit(
        op, Layout.identity(shape.rank()), "Reshape", List.of(state.flat(op.input()), target));
  }

  private static void slice(Op op, ExportState state) {
    Stored x = state.stored(op.input());
    Shape in = op.input().output().shape();
    int rank = in.rank();
    if (op.output().shape().rank() != rank) {
      throw OnnxExporter.unsupported(op, "a slice of another rank than its input");
    }
    int[] begin = stored(x.layout(), op.attrs().getInts("begin"));
    int[] end = stored(x.layout(), op.attrs().getInts("end"));
    int[] strides = stored(x.layout(), op.attrs().getInts("strides"));
    int[] axes = new int[rank];
    Arrays.setAll(axes, i -> i);
    String name = op.name();
    state.emit(
        op,
        x.layout(),
        "Slice",
        List.of(
            x.name(),
            state.longTensor(name + ".begin", begin),
            state.longTensor(name + ".end", end),
            state.longTensor(name + ".axes", axes),
            state.longTensor(name + ".strides", strides)));
  }

  private static int[] stored(Layout layout, int[] perXirAxis) {
    int[] values = new int[perXirAxis.length];
    for (int axis = 0; axis < values.length; axis++) {
      values[layout.stored(axis)] = perXirAxis[axis];
    }
    return values;
  }

  private static void concat(Op op, ExportState state) {
    Layout layout = state.commonLayout(op);
    List<String> parts = new ArrayList<>();
    for (Op in : op.inputs("input")) {
      parts.add(state.arranged(in, layout));
    }
    int axis = layout.stored(op.attrs().getInt("axis"));
    state.emit(op, layout, "Concat", parts, integer("axis", axis));
  }

  private static void pad(Op op, ExportState state) {
    Stored x = state.stored(op.input());
    int rank = op.output().shape().rank();
    int[] paddings = op.attrs().getInts("paddings");
    int[] pads = new int[2 * rank];
    for (int axis = 0; axis < rank; axis++) {
      pads[x.layout().stored(axis)] = paddings[2 * axis];
      pads[x.layout().stored(axis) + rank] = paddings[2 * axis + 1];
    }
    String mode = op.attrs().getString("mode");
    // A mirror that repeats the border repeats nothing else when it is one value deep.
    boolean edge = mode.equals("SYMMETRIC") && Arrays.stream(pads).allMatch(p -> p <= 1);
    if (!mode.equals("CONSTANT") && !mode.equals("REFLECT") && !edge) {
      throw OnnxExporter.unsupported(op, "pad mode " + mode);
    }
    float[] values =
        op.attrs().has("constant_values") ? op.attrs().getFloats("constant_values") : new float[0];
    float value = values.length == 0 ? 0f : values[0];
    for (float v : values) {
      if (v != value) {
        throw OnnxExporter.unsupported(op, "different pad values");
      }
    }
    List<String> in = new ArrayList<>();
    in.add(x.name());
    in.add(state.longTensor(op.name() + ".pads", pads));
    if (mode.equals("CONSTANT")) {
      in.add(state.constant(op.name() + ".fill", TensorData.ofFloats(Shape.of(), value)));
    }
    state.emit(
        op,
        x.layout(),
        "Pad",
        in,
        string("mode", mode.equals("CONSTANT") ? "constant" : edge ? "edge" : "reflect"));
  }

  private static void matMul(Op op, ExportState state) {
    List<Op> in = op.inputs("input");
    if (in.size() != 2) {
      throw OnnxExporter.unsupported(op, in.size() + " matrices");
    }
    String a = matrix(in.get(0), state, op.attrs().getBool("transpose_a"));
    String b = matrix(in.get(1), state, op.attrs().getBool("transpose_b"));
    Layout plain = Layout.identity(op.output().shape().rank());
    if (op.inputs("bias").isEmpty()) {
      state.emit(op, plain, "MatMul", List.of(a, b));
      return;
    }
    String product = state.fresh(op.output().name() + ".product");
    state.node("MatMul", List.of(a, b), product);
    String bias = QdqExports.bias(in.get(0), in.get(1), op.input("bias"), state);
    state.emit(op, plain, "Add", List.of(product, bias));
  }

  /** A constant is turned here and now; any other matrix by a transpose. */
  private static String matrix(Op op, ExportState state, boolean swapped) {
    Layout plain = Layout.identity(op.output().shape().rank());
    if (!swapped) {
      return state.arranged(op, plain);
    }
    Layout turned = plain.swapLastTwo();
    return ExportState.isConst(op)
        ? state.constant(op, data -> Layout.transpose(data, plain.orderTo(turned)))
        : state.arranged(op, turned);
  }

  private static void reduce(Op op, ExportState state, String onnx) {
    Stored x = state.stored(op.input());
    int rank = x.layout().rank();
    boolean keep = op.attrs().getBool("keep_dims");
    boolean[] reduced = new boolean[rank];
    int[] axes = op.attrs().getInts("axis");
    for (int i = 0; i < axes.length; i++) {
      reduced[axes[i] < 0 ? axes[i] + rank : axes[i]] = true;
      axes[i] = x.layout().stored(axes[i]);
    }
    Arrays.sort(axes);
    Layout layout = keep ? x.layout() : x.layout().without(reduced);
    AttributeProto keepDims = integer("keepdims", keep ? 1 : 0);
    if (onnx.equals("ReduceSum") || state.opset() >= 18) {
      String axesInput = state.longTensor(op.name() + ".axes", axes);
      state.emit(op, layout, onnx, List.of(x.name(), axesInput), keepDims);
    } else {
      state.emit(op, layout, onnx, List.of(x.name()), ints("axes", axes), keepDims);
    }
  }
}
