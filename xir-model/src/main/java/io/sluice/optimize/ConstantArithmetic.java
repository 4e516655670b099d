package io.sluice.optimize;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** The values of ops over constants of floats; computed in double, rounded to float once. */
final class ConstantArithmetic {
  private static final Map<String, DoubleUnaryOperator> UNARY =
      Map.of(
          "exp", Math::exp,
          "neg", x -> -x,
          "relu", x -> Math.max(x, 0),
          "relu6", x -> Math.min(Math.max(x, 0), 6),
          "sigmoid", x -> 1 / (1 + Math.exp(-x)),
          "tanh", Math::tanh,
          "onnx::Sqrt", Math::sqrt);

  private static final Map<String, DoubleBinaryOperator> BINARY =
      Map.of(
          "add",
          Double::sum,
          "sub",
          (a, b) -> a - b,
          "mul",
          (a, b) -> a * b,
          "div",
          (a, b) -> a / b,
          "min",
          Math::min,
          "max",
          Math::max);

  private ConstantArithmetic() {}

  static boolean knows(Op op) {
    String type = op.type();
    return UNARY.containsKey(type)
        || BINARY.containsKey(type)
        || Reshapes.is(op)
        || type.equals("transpose");
  }

  /** The value of an op, which must be known, from those of its inputs. */
  static TensorData evaluate(Op op, List<TensorData> in) {
    Shape shape = op.output().shape();
    if (Reshapes.is(op)) {
      return in.get(0).reshape(shape);
    }
    float[] values = in.get(0).toFloats();
    if (op.type().equals("transpose")) {
      return TensorData.ofFloats(shape, transposed(values, in.get(0).shape(), op));
    }
    if (UNARY.containsKey(op.type())) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) UNARY.get(op.type()).applyAsDouble(values[i]);
      }
      return TensorData.ofFloats(shape, values);
    }
    Shape left = in.get(0).shape();
    for (int i = 1; i < in.size(); i++) {
      Shape right = in.get(i).shape();
      Shape both = i == in.size() - 1 ? shape : broadcast(left, right);
      values = combine(op.type(), both, values, left, in.get(i).toFloats(), right);
      left = both;
    }
    return TensorData.ofFloats(shape, values);
  }

  private static float[] transposed(float[] from, Shape shape, Op op) {
    int[] order = op.attrs().getInts("order");
    int[] strides = strides(shape, shape.rank());
    int[] turned = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      turned[i] = strides[order[i]];
    }
    float[] to = new float[from.length];
    Shape out = op.output().shape();
    for (int i = 0; i < to.length; i++) {
      to[i] = from[offset(i, out, turned)];
    }
    return to;
  }

  private static float[] combine(
      String type, Shape out, float[] a, Shape aShape, float[] b, Shape bShape) {
    int[] aStrides = strides(aShape, out.rank());
    int[] bStrides = strides(bShape, out.rank());
    float[] values = new float[out.elements()];
    for (int i = 0; i < values.length; i++) {
      double x = a[offset(i, out, aStrides)];
      double y = b[offset(i, out, bStrides)];
      values[i] = (float) BINARY.get(type).applyAsDouble(x, y);
    }
    return values;
  }

  private static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    int[] dims = new int[rank];
    for (int i = 0; i < rank; i++) {
      int x = i < rank - a.rank() ? 1 : a.dim(i - rank + a.rank());
      int y = i < rank - b.rank() ? 1 : b.dim(i - rank + b.rank());
      dims[i] = Math.max(x, y);
    }
    return Shape.of(dims);
  }

  /** How far apart neighbours lie along each of so many axes; zero where one value serves all. */
  private static int[] strides(Shape shape, int rank) {
    int[] strides = new int[rank];
    int missing = rank - shape.rank();
    for (int i = shape.rank() - 1, stride = 1; i >= 0; i--) {
      strides[missing + i] = shape.dim(i) == 1 ? 0 : stride;
      stride *= shape.dim(i);
    }
    return strides;
  }

  private static int offset(int index, Shape shape, int[] strides) {
    int offset = 0;
    for (int i = shape.rank() - 1, rest = index; i >= 0; i--) {
      offset += rest % shape.dim(i) * strides[i];
      rest /= shape.dim(i);
    }
    return offset;
  }
}
