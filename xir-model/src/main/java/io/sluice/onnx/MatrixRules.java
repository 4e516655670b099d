package io.sluice.onnx;

import io.sluice.onnx.Value.Live;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Matrix products, softmax and reductions. */
final class MatrixRules {
  private MatrixRules() {}

  static void register(Map<String, NodeRule> rules) {
    rules.put("MatMul", MatrixRules::matMul);
    rules.put("Gemm", MatrixRules::gemm);
    rules.put("Softmax", MatrixRules::softmax);
    rules.put("ReduceMean", (n, s) -> reduce(n, s, "reduction_mean"));
    rules.put("ReduceMax", (n, s) -> reduce(n, s, "reduction_max"));
    rules.put("ReduceSum", (n, s) -> reduce(n, s, "reduction_sum"));
    rules.put("ReduceProd", (n, s) -> reduce(n, s, "reduction_product"));
  }

  private static void matMul(OnnxNode node, ImportState state) {
    Live a = state.live(node, 0);
    Live b = state.live(node, 1);
    int ra = a.shape().rank();
    int rb = b.shape().rank();
    if (ra < 2 || rb < 2) {
      throw node.unsupported("MatMul of a vector");
    }
    if (a.shape().dim(-1) != b.shape().dim(-2)) {
      throw node.invalid("of " + a.shape() + " and " + b.shape());
    }
    Attrs attrs =
        Attrs.EMPTY
            .with("transpose_a", a.layout().swapsLastTwo())
            .with("transpose_b", b.layout().swapsLastTwo());
    List<Op> in = List.of(matrix(state, a), matrix(state, b));
    state.emit(node, 0, "matmul", attrs, Map.of("input", in), Layout.identity(Math.max(ra, rb)));
  }

  private static Op matrix(ImportState state, Live value) {
    return value.layout().swapsLastTwo() ? value.op() : ShapeRules.plain(state, value);
  }

  private static void gemm(OnnxNode node, ImportState state) {
    Live a = state.live(node, 0);
    TensorData b = state.known(node, 1);
    boolean transA = node.integer("transA", 0) != 0;
    boolean transB = node.integer("transB", 0) != 0;
    if (a.shape().rank() != 2
        || b.shape().rank() != 2
        || !b.type().equals(DataType.FLOAT32)
        || a.shape().dim(transA ? 0 : 1) != b.shape().dim(transB ? 1 : 0)) {
      throw node.invalid("of " + a.shape() + " and " + b);
    }
    Attrs attrs = Attrs.EMPTY.with("transpose_a", transA).with("transpose_b", transB);
    Map<String, List<Op>> in = new LinkedHashMap<>();
    Op weights = state.constant(node.input(1), scaled(b, node.real("alpha", 1f)));
    in.put("input", List.of(ShapeRules.plain(state, a), weights));
    if (node.hasInput(2)) {
      int columns = b.shape().dim(transB ? 0 : 1);
      TensorData c = state.known(node, 2);
      if (c.shape().elements() != columns && c.shape().elements() != 1) {
        throw node.unsupported("Gemm with a bias " + c.shape());
      }
      float[] bias = new float[columns];
      float[] given = scaled(c, node.real("beta", 1f)).toFloats();
      for (int i = 0; i < columns; i++) {
        bias[i] = given[given.length == 1 ? 0 : i];
      }
      TensorData data = TensorData.ofFloats(Shape.of(columns), bias);
      in.put("bias", List.of(state.constant(node.input(2), data)));
    }
    state.emit(node, 0, "matmul", attrs, in, Layout.identity(2));
  }

  private static TensorData scaled(TensorData data, float factor) {
    if (factor == 1f) {
      return data;
    }
    float[] values = data.toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return TensorData.ofFloats(data.shape(), values);
  }

  /**
   * Before opset 13 softmax runs over all dimensions from its axis on, since then over the axis
   * alone.
   */
  private static void softmax(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    Shape shape = x.shape();
    boolean single = node.opset() >= 13;
    int axis = ShapeRules.axis(node, node.integer("axis", single ? -1 : 1), shape.rank());
    int after = 1;
    for (int i = axis + 1; i < shape.rank(); i++) {
      after *= shape.dim(i);
    }
    if (single || after == 1) {
      Attrs attrs = Attrs.EMPTY.with("axis", x.layout().stored(axis));
      state.emit(node, "softmax", attrs, x.op(), x.layout());
      return;
    }
    int length = shape.dim(axis) * after;
    int[] rows = {shape.elements() / length, length};
    Op flat =
        state.helper(node, "_rows", "reshape", Attrs.EMPTY.with("shape", rows), state.flat(x));
    Op soft = state.helper(node, "_softmax", "softmax", Attrs.EMPTY.with("axis", 1), flat);
    Attrs back = Attrs.EMPTY.with("shape", shape.toArray());
    state.emit(node, "reshape", back, soft, Layout.identity(shape.rank()));
  }

  private static void reduce(OnnxNode node, ImportState state, String type) {
    Live x = state.live(node, 0);
    int rank = x.shape().rank();
    int[] axes = node.integers("axes");
    if (node.hasInput(1)) {
      axes = state.integers(node, 1);
    }
    if (axes.length == 0) {
      if (node.integer("noop_with_empty_axes", 0) != 0) {
        ElementwiseRules.alias(node, state);
        return;
      }
      axes = new int[rank];
      Arrays.setAll(axes, i -> i);
    }
    boolean keep = node.integer("keepdims", 1) != 0;
    boolean[] reduced = new boolean[rank];
    List<Integer> stored = new ArrayList<>();
    for (int axis : axes) {
      int a = ShapeRules.axis(node, axis, rank);
      reduced[a] = true;
      stored.add(x.layout().stored(a));
    }
    if (!keep && stored.size() == rank) {
      throw node.unsupported(node.type() + " to a scalar");
    }
    Attrs attrs =
        Attrs.EMPTY
            .with("axis", stored.stream().mapToInt(i -> i).sorted().toArray())
            .with("keep_dims", keep);
    state.emit(node, type, attrs, x.op(), keep ? x.layout() : x.layout().without(reduced));
  }
}
