package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.OpDef.Inferred;
import java.util.Arrays;
import java.util.List;

/**
 * What the checks and the shape inference of one op read: its attributes with their defaults, the
 * shapes that feed it, and failures that name the op.
 */
final class InferenceContext {
  private final Op op;
  private final Attrs attrs;

  InferenceContext(Op op) {
    this.op = op;
    this.attrs = op.effectiveAttrs();
  }

  Attrs attrs() {
    return attrs;
  }

  boolean has(String arg) {
    return !op.inputs(arg).isEmpty();
  }

  /** The shapes of all ops of an argument. */
  List<Shape> shapes(String arg) {
    return op.inputs(arg).stream().map(in -> in.output().shape()).toList();
  }

  Shape shape(String arg) {
    return op.input(arg).output().shape();
  }

  /** The shape of the first op of {@code input}. */
  Shape shape() {
    return first().shape();
  }

  /** The type of the first op of {@code input}. */
  DataType type() {
    return first().type();
  }

  private Tensor first() {
    List<Op> ops = op.inputs("input");
    check(!ops.isEmpty(), ErrorCode.XIR_UNDEFINED_INPUT_ARG, "no input", "give one");
    return ops.get(0).output();
  }

  /** The shape of an argument that must have so many dimensions. */
  Shape shape(String arg, int rank) {
    Shape shape = op.inputs(arg).get(0).output().shape();
    check(
        shape.rank() == rank,
        ErrorCode.XIR_SHAPE_UNMATCH,
        "argument '" + arg + "' has shape " + shape + " where " + rank + " dimensions are needed",
        "reshape it");
    return shape;
  }

  /** The output: the same as the input. */
  Inferred same() {
    return new Inferred(type(), shape());
  }

  /** The output: of the input's type. */
  Inferred output(Shape shape) {
    return new Inferred(type(), shape);
  }

  /**
   * Dimensions that were computed in 64 bits, as a shape.
   *
   * @throws SluiceException XIR_OUT_OF_RANGE if one is below 1 or the tensor is too large
   */
  Shape dims(long... dims) {
    long elements = 1;
    int[] narrow = new int[dims.length];
    for (int i = 0; i < dims.length; i++) {
      boolean fits = dims[i] >= 1 && dims[i] <= Shape.MAX_ELEMENTS;
      elements = fits ? elements * dims[i] : -1;
      check(
          elements >= 1 && elements <= Shape.MAX_ELEMENTS,
          ErrorCode.XIR_OUT_OF_RANGE,
          "the output would have shape " + Arrays.toString(dims),
          "every dimension must be at least 1 and the product at most " + Shape.MAX_ELEMENTS);
      narrow[i] = (int) dims[i];
    }
    return Shape.of(narrow);
  }

  /** A list of numbers that must all be at least a minimum. */
  int[] ints(String name, int minimum) {
    int[] values = attrs.getInts(name);
    for (int v : values) {
      check(
          v >= minimum,
          ErrorCode.XIR_OUT_OF_RANGE,
          "attribute '" + name + "' is " + Arrays.toString(values),
          "no value may be below " + minimum);
    }
    return values;
  }

  /** A number that must be at least 1. */
  int positive(String name) {
    int value = attrs.getInt(name);
    check(
        value >= 1,
        ErrorCode.XIR_OUT_OF_RANGE,
        "attribute '" + name + "' is " + value,
        "it must be at least 1");
    return value;
  }

  /** Two factors, {w, h}, that must be positive and finite. */
  float[] factors(String name) {
    float[] values = attrs.getFloats(name);
    for (float v : values) {
      check(
          v > 0 && Float.isFinite(v),
          ErrorCode.XIR_OUT_OF_RANGE,
          "attribute '" + name + "' is " + Arrays.toString(values),
          "every factor must be positive and finite");
    }
    return values;
  }

  /** An axis, which may be negative, as an index into so many dimensions. */
  int axis(int axis, int rank) {
    check(
        axis >= -rank && axis < rank,
        ErrorCode.XIR_OUT_OF_RANGE,
        "axis " + axis + " of " + rank + " dimensions",
        "use " + -rank + " to " + (rank - 1));
    return axis < 0 ? axis + rank : axis;
  }

  /** A word that must be one of a few. */
  String oneOf(String name, String... allowed) {
    String value = attrs.getString(name);
    check(
        Arrays.asList(allowed).contains(value),
        ErrorCode.XIR_UNEXPECTED_VALUE,
        "attribute '" + name + "' is '" + value + "'",
        "use one of " + Arrays.toString(allowed));
    return value;
  }

  /**
   * The whole numbers that an argument holds when the graph is built: those of a constant, or the
   * {@code shape_info} of a tensor that describes a shape.
   */
  int[] knownInts(String arg) {
    Op source = op.input(arg);
    if (source.isConst()) {
      TensorData data = source.constData();
      int[] values = new int[data.shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = wholeNumber(arg, data, i);
      }
      return values;
    }
    check(
        source.output().attrs().has("shape_info"),
        ErrorCode.XIR_SHAPE_UNMATCH,
        "argument '" + arg + "' is only known when the model runs (" + source + ")",
        "feed it a constant or the result of a shape op");
    return source.output().attrs().getInts("shape_info");
  }

  private int wholeNumber(String arg, TensorData data, int index) {
    if (data.type().equals(DataType.INT32)) {
      return data.getInt(index);
    }
    check(
        data.type().equals(DataType.INT64),
        ErrorCode.XIR_INVALID_DATA_TYPE,
        "argument '" + arg + "' is " + data.type(),
        "give INT32 or INT64");
    long value = data.getLong(index);
    check(
        value == (int) value,
        ErrorCode.XIR_OUT_OF_RANGE,
        "argument '" + arg + "' holds " + value,
        "keep sizes within 32 bits");
    return (int) value;
  }

  /** Throws unless the condition holds. */
  void check(boolean holds, ErrorCode code, String thing, String remedy) {
    if (!holds) {
      throw fail(code, thing, remedy);
    }
  }

  /** A failure at this op. */
  SluiceException fail(ErrorCode code, String thing, String remedy) {
    return new SluiceException(
        code,
        thing,
        "op '" + op.name() + "' (" + op.type() + ") in graph '" + op.graph().name() + "'",
        remedy);
  }
}
