package io.sluice.xir;

import static io.sluice.xir.DataType.Kind.FLOAT;
import static io.sluice.xir.OpDefBuilder.op;

import io.sluice.error.ErrorCode;
import io.sluice.xir.OpDef.Inferred;
import java.util.Arrays;
import java.util.List;

/** Matrix products. */
final class MatrixOps {
  private MatrixOps() {}

  static List<OpDef> definitions() {
    return List.of(
        op("matmul")
            .repeatedArg("input", FLOAT)
            .optionalArg("bias", FLOAT)
            .required("transpose_a", AttrType.BOOL)
            .required("transpose_b", AttrType.BOOL)
            .annotation("[..., a, b] x [..., b, c] -> [..., a, c]; leading dimensions broadcast.")
            .infer(MatrixOps::matmul),
        op("inner-product")
            .arg("input", FLOAT)
            .arg("weights", FLOAT)
            .optionalArg("bias", FLOAT)
            .required("axis", AttrType.INT32)
            .annotation("Dimensions from axis on, flattened, times the weights [k, ...].")
            .infer(MatrixOps::innerProduct));
  }

  private static Inferred matmul(InferenceContext in) {
    List<Shape> inputs = in.shapes("input");
    in.check(
        inputs.size() == 2 && inputs.get(0).rank() >= 2 && inputs.get(1).rank() >= 2,
        ErrorCode.XIR_INVALID_ARG_OCCUR,
        "argument 'input' has shapes " + inputs,
        "give exactly two, of at least 2 dimensions");
    Shape a = oriented(inputs.get(0), in.attrs().getBool("transpose_a"));
    Shape b = oriented(inputs.get(1), in.attrs().getBool("transpose_b"));
    in.check(
        a.dim(-1) == b.dim(-2),
        ErrorCode.XIR_SHAPE_UNMATCH,
        "matrices " + a + " and " + b,
        "columns of the first must be the rows of the second");
    if (in.has("bias")) {
      in.check(
          in.shape("bias", 1).dim(0) == b.dim(-1),
          ErrorCode.XIR_SHAPE_UNMATCH,
          "bias " + in.shape("bias") + " for " + b.dim(-1) + " columns",
          "give one value per column");
    }
    long[] batch = ShapeRules.toLongs(ShapeRules.broadcast(in, List.of(batch(a), batch(b))));
    long[] dims = Arrays.copyOf(batch, batch.length + 2);
    dims[batch.length] = a.dim(-2);
    dims[batch.length + 1] = b.dim(-1);
    return in.output(in.dims(dims));
  }

  private static Shape oriented(Shape shape, boolean transpose) {
    return transpose ? shape.withDim(-1, shape.dim(-2)).withDim(-2, shape.dim(-1)) : shape;
  }

  private static Shape batch(Shape shape) {
    return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - 2));
  }

  private static Inferred innerProduct(InferenceContext in) {
    Shape input = in.shape();
    Shape weights = in.shape("weights");
    int axis = in.axis(in.attrs().getInt("axis"), input.rank());
    long flat = 1;
    for (int i = axis; i < input.rank(); i++) {
      flat *= input.dim(i);
    }
    in.check(
        weights.elements() % flat == 0 && weights.elements() >= flat,
        ErrorCode.XIR_SHAPE_UNMATCH,
        "weights " + weights + " for " + flat + " inputs",
        "the number of weights must be a multiple of the inputs");
    long outputs = weights.elements() / flat;
    if (in.has("bias")) {
      in.check(
          in.shape("bias").elements() == outputs,
          ErrorCode.XIR_SHAPE_UNMATCH,
          "bias " + in.shape("bias") + " for " + outputs + " outputs",
          "give one value per output");
    }
    long[] dims = Arrays.copyOf(ShapeRules.toLongs(input), axis + 1);
    dims[axis] = outputs;
    return in.output(in.dims(dims));
  }
}
