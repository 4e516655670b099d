package io.sluice.onnx;

import static io.sluice.onnx.OnnxAttributes.integer;
import static io.sluice.onnx.OnnxAttributes.real;

import io.sluice.onnx.ExportState.Stored;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Normalisations, the scale per channel, and the product that flattens its input. */
final class NormExports {
  private NormExports() {}

  static void register(Map<String, OpExport> exports) {
    exports.put("inner-product", NormExports::innerProduct);
    exports.put("l2_normalize", NormExports::l2Normalize);
    exports.put("scale", NormExports::scale);
    exports.put(CustomOps.typeFor("LayerNormalization"), NormExports::layerNorm);
  }

  /** x / sqrt(max(sum of x^2, epsilon)) */
  private static void l2Normalize(Op op, ExportState state) {
    Stored x = state.stored(op.input());
    int rank = x.layout().rank();
    int[] axes = op.attrs().getInts("axis", new int[0]);
    int[] stored = Arrays.stream(axes).map(a -> x.layout().stored(a)).sorted().toArray();
    if (stored.length == 0) {
      stored = new int[rank];
      Arrays.setAll(stored, i -> i);
    }
    double epsilon = op.attrs().has("epsilon") ? op.attrs().getDouble("epsilon") : 1e-12;
    String name = op.output().name();
    String squares = state.fresh(name + ".squares");
    state.node("Mul", List.of(x.name(), x.name()), squares);
    String sum = state.fresh(name + ".sum");
    String summed = state.longTensor(name + ".axes", stored);
    state.node("ReduceSum", List.of(squares, summed), sum, integer("keepdims", 1));
    String least = state.fresh(name + ".least");
    TensorData bound = TensorData.ofFloats(Shape.of(), (float) epsilon);
    state.node("Max", List.of(sum, state.constant(name + ".epsilon", bound)), least);
    String root = state.fresh(name + ".root");
    state.node("Sqrt", List.of(least), root);
    state.emit(op, x.layout(), "Div", List.of(x.name(), root));
  }

  /** Over the last dimension, which is last in ONNX too. */
  private static void layerNorm(Op op, ExportState state) {
    List<Op> inputs = op.inputs("input");
    Layout plain = Layout.identity(op.output().shape().rank());
    List<String> in = new ArrayList<>(List.of(state.arranged(inputs.get(0), plain)));
    if (inputs.size() == 1) {
      float[] ones = new float[op.output().shape().dim(-1)];
      Arrays.fill(ones, 1);
      TensorData scale = TensorData.ofFloats(Shape.of(ones.length), ones);
      in.add(state.constant(op.output().name() + ".scale", scale));
    }
    inputs.stream().skip(1).forEach(constant -> in.add(state.stored(constant).name()));
    float epsilon = op.attrs().getFloat("epsilon");
    state.emit(op, plain, "LayerNormalization", in, integer("axis", -1), real("epsilon", epsilon));
  }

  private static void scale(Op op, ExportState state) {
    Stored x = state.stored(op.input());
    String scale = alongAxis(op, "scale", x.layout(), state);
    if (op.inputs("bias").isEmpty()) {
      state.emit(op, x.layout(), "Mul", List.of(x.name(), scale));
      return;
    }
    String product = state.fresh(op.output().name() + ".product");
    state.node("Mul", List.of(x.name(), scale), product);
    state.emit(op, x.layout(), "Add", List.of(product, alongAxis(op, "bias", x.layout(), state)));
  }

  private static String alongAxis(Op op, String argument, Layout layout, ExportState state) {
    Op constant = op.input(argument);
    if (!ExportState.isConst(constant)) {
      throw OnnxExporter.unsupported(op, "an argument '" + argument + "' that is not a const op");
    }
    int rank = layout.rank();
    int axis = op.attrs().getInt("axis", -1);
    int[] dims = new int[rank];
    Arrays.fill(dims, 1);
    dims[axis < 0 ? axis + rank : axis] = constant.output().shape().elements();
    Shape shape = Shape.of(dims);
    return state.constant(constant, data -> layout.broadcastOperand(data.reshape(shape)));
  }

  private static void innerProduct(Op op, ExportState state) {
    Op weights = op.input("weights");
    if (!ExportState.isConst(weights)) {
      throw OnnxExporter.unsupported(op, "weights that are not a const op");
    }
    int outputs = op.output().shape().dim(-1);
    int inner = weights.output().shape().elements() / outputs;
    int rows = op.input().output().shape().elements() / inner;
    String name = op.output().name();
    String flat = state.fresh(name + ".rows");
    String target = state.longTensor(flat + ".shape", rows, inner);
    state.node("Reshape", List.of(state.flat(op.input()), target), flat);
    Shape matrix = Shape.of(outputs, inner);
    String turned =
        state.constant(weights, data -> Layout.transpose(data.reshape(matrix), new int[] {1, 0}));
    String product = state.fresh(name + ".product");
    state.node("MatMul", List.of(flat, turned), product);
    for (Op bias : op.inputs("bias")) {
      String sum = state.fresh(name + ".sum");
      String term = state.constant(bias, data -> data.reshape(Shape.of(outputs)));
      state.node("Add", List.of(product, term), sum);
      product = sum;
    }
    Layout plain = Layout.identity(op.output().shape().rank());
    String shape = state.longTensor(name + ".shape", op.output().shape().toArray());
    state.emit(op, plain, "Reshape", List.of(product, shape));
  }
}
