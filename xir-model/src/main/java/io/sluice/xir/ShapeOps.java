package io.sluice.xir;

import static io.sluice.xir.DataType.Kind.FLOAT;
import static io.sluice.xir.DataType.Kind.INT;
import static io.sluice.xir.DataType.Kind.XINT;
import static io.sluice.xir.OpDefBuilder.op;

import io.sluice.error.ErrorCode;
import io.sluice.xir.OpDef.Inferred;
import java.util.List;
import java.util.stream.IntStream;

/** Ops that keep all elements in order and change the shape, or tell it. */
final class ShapeOps {
  private ShapeOps() {}

  static List<OpDef> definitions() {
    return List.of(
        op("reshape")
            .arg("input", FLOAT)
            .optionalArg("shape", INT)
            .optional("shape", AttrValue.ofInts(0))
            .annotation("Another shape: 0 copies a dimension, one -1 is what is left.")
            .infer(
                in ->
                    in.output(
                        ShapeRules.reshape(
                            in,
                            in.shape(),
                            in.has("shape")
                                ? in.knownInts("shape")
                                : in.attrs().getInts("shape")))),
        op("reshape-fix")
            .arg("input", XINT)
            .required("shape", AttrType.INT32_VEC)
            .annotation("Another shape: 0 copies a dimension, one -1 is what is left.")
            .infer(
                in -> in.output(ShapeRules.reshape(in, in.shape(), in.attrs().getInts("shape")))),
        op("squeeze")
            .arg("input", FLOAT)
            .optional("axis", AttrValue.ofInts())
            .annotation("Without the listed dimensions of size 1, or without all of them.")
            .infer(ShapeOps::squeeze),
        op("flatten")
            .arg("input", FLOAT)
            .required("start_axis", AttrType.INT32)
            .required("end_axis", AttrType.INT32)
            .annotation("Dimensions start_axis to end_axis as one.")
            .infer(ShapeOps::flatten),
        op("shape")
            .arg("input", FLOAT)
            .annotation("The dimensions of the input.")
            .infer(
                in ->
                    new Inferred(
                        DataType.INT32,
                        in.dims(in.shape().rank()),
                        Attrs.EMPTY.with("shape_info", in.shape().toArray()))));
  }

  private static Inferred squeeze(InferenceContext in) {
    Shape shape = in.shape();
    int[] axes = in.attrs().getInts("axis");
    if (axes.length == 0) {
      axes = IntStream.range(0, shape.rank()).filter(i -> shape.dim(i) == 1).toArray();
    }
    for (int axis : axes) {
      in.check(
          shape.dim(in.axis(axis, shape.rank())) == 1,
          ErrorCode.XIR_SHAPE_UNMATCH,
          "axis " + axis + " of shape " + shape + " is not 1",
          "squeeze dimensions of size 1 only");
    }
    return in.output(ShapeRules.reduce(in, shape, axes, false));
  }

  private static Inferred flatten(InferenceContext in) {
    Shape shape = in.shape();
    int start = in.axis(in.attrs().getInt("start_axis"), shape.rank());
    int end = in.axis(in.attrs().getInt("end_axis"), shape.rank());
    in.check(
        start <= end,
        ErrorCode.XIR_UNEXPECTED_VALUE,
        "axes " + start + " to " + end,
        "start_axis must not come after end_axis");
    long[] dims = new long[shape.rank() - (end - start)];
    for (int i = 0; i < shape.rank(); i++) {
      int to = i <= start ? i : Math.max(start, i - (end - start));
      dims[to] = i > start && i <= end ? dims[to] * shape.dim(i) : shape.dim(i);
    }
    return in.output(in.dims(dims));
  }
}
