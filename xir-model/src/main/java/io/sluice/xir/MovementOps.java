package io.sluice.xir;

import static io.sluice.xir.DataType.Kind.FLOAT;
import static io.sluice.xir.DataType.Kind.XINT;
import static io.sluice.xir.OpDefBuilder.op;

import com.google.protobuf.ByteString;
import io.sluice.error.ErrorCode;
import io.sluice.xir.OpDef.Inferred;
import java.util.Arrays;
import java.util.List;

/** Ops that move elements: joins, pads, slices, permutations, space to channels and back. */
final class MovementOps {
  private MovementOps() {}

  static List<OpDef> definitions() {
    return List.of(
        concat("concat", FLOAT),
        concat("concat-fix", XINT),
        op("stack")
            .repeatedArg("input", FLOAT)
            .required("axis", AttrType.INT32)
            .annotation("Inputs of one shape joined along a new axis.")
            .infer(MovementOps::stack),
        pad("pad", FLOAT, new AttrValue(AttrType.FLOAT_VEC, List.of())),
        pad("pad-fix", XINT, AttrValue.of(ByteString.EMPTY)),
        slice("strided_slice"),
        slice("strided_slice-fix"),
        op("transpose")
            .arg("input", FLOAT)
            .required("order", AttrType.INT32_VEC)
            .annotation("Dimension i of the output is dimension order[i] of the input.")
            .infer(MovementOps::transpose),
        blocks("reorg", FLOAT, "scale"),
        blocks("reorg-fix", FLOAT, "scale"),
        blocks("gstiling", FLOAT, "stride"),
        blocks("tile-fix", XINT, "stride"),
        op("pixel-shuffle")
            .arg("input", FLOAT)
            .required("scale", AttrType.INT32)
            .required("upscale", AttrType.BOOL)
            .annotation("Channels to space when upscale, space to channels otherwise.")
            .infer(in -> rearrange(in, "scale", !in.attrs().getBool("upscale"))),
        op("pixel-shuffle-fix")
            .arg("input", FLOAT)
            .required("scale", AttrType.INT32)
            .required("reverse", AttrType.BOOL)
            .annotation("Channels to space when reverse, space to channels otherwise.")
            .infer(in -> rearrange(in, "scale", !in.attrs().getBool("reverse"))));
  }

  private static OpDef concat(String type, DataType.Kind kind) {
    return op(type)
        .repeatedArg("input", kind)
        .required("axis", AttrType.INT32)
        .annotation("Inputs joined along an axis.")
        .infer(
            in -> in.output(ShapeRules.concat(in, in.shapes("input"), in.attrs().getInt("axis"))));
  }

  private static OpDef pad(String type, DataType.Kind kind, AttrValue noConstants) {
    return op(type)
        .arg("input", kind)
        .required("paddings", AttrType.INT32_VEC)
        .required("mode", AttrType.STRING)
        .optional("constant_values", noConstants)
        .annotation("Pads {before, after} for every dimension; CONSTANT, REFLECT or SYMMETRIC.")
        .infer(MovementOps::pad);
  }

  private static OpDef slice(String type) {
    return op(type)
        .arg("input", FLOAT)
        .required("begin", AttrType.INT32_VEC)
        .required("end", AttrType.INT32_VEC)
        .required("strides", AttrType.INT32_VEC)
        .annotation("input[begin:end:strides], as NumPy slices.")
        .infer(
            in ->
                in.output(
                    ShapeRules.slice(
                        in,
                        in.shape(),
                        in.attrs().getInts("begin"),
                        in.attrs().getInts("end"),
                        in.attrs().getInts("strides"))));
  }

  private static OpDef blocks(String type, DataType.Kind kind, String size) {
    OpDefBuilder op = op(type).arg("input", kind);
    op =
        size.equals("scale")
            ? op.required(size, AttrType.INT32).required("reverse", AttrType.BOOL)
            : op.required("reverse", AttrType.BOOL).required(size, AttrType.INT32);
    return op.annotation("Space to channels, or channels to space when reverse.")
        .infer(in -> rearrange(in, size, !in.attrs().getBool("reverse")));
  }

  private static Inferred rearrange(InferenceContext in, String size, boolean down) {
    return in.output(ShapeRules.blocks(in, in.shape("input", 4), in.positive(size), down));
  }

  private static Inferred stack(InferenceContext in) {
    List<Shape> shapes = in.shapes("input");
    in.check(
        shapes.stream().distinct().count() == 1,
        ErrorCode.XIR_SHAPE_UNMATCH,
        "shapes " + shapes + " do not stack",
        "all must be equal");
    Shape shape = shapes.get(0);
    int axis = in.axis(in.attrs().getInt("axis"), shape.rank() + 1);
    long[] dims = new long[shape.rank() + 1];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = i == axis ? shapes.size() : shape.dim(i < axis ? i : i - 1);
    }
    return in.output(in.dims(dims));
  }

  private static Inferred pad(InferenceContext in) {
    Shape shape = in.shape();
    String mode = in.oneOf("mode", "CONSTANT", "REFLECT", "SYMMETRIC");
    int[] pads = in.ints("paddings", 0);
    in.check(
        pads.length == 2 * shape.rank(),
        ErrorCode.XIR_INVALID_ATTR_OCCUR,
        "attribute 'paddings' has " + pads.length + " entries for shape " + shape,
        "give two per dimension");
    long[] dims = ShapeRules.toLongs(shape);
    for (int i = 0; i < dims.length; i++) {
      int room = mode.equals("REFLECT") ? shape.dim(i) - 1 : shape.dim(i);
      in.check(
          mode.equals("CONSTANT") || Math.max(pads[2 * i], pads[2 * i + 1]) <= room,
          ErrorCode.XIR_OUT_OF_RANGE,
          "pads " + Arrays.toString(pads) + " mirror more than shape " + shape + " has",
          "pad by at most the dimension" + (mode.equals("REFLECT") ? " less 1" : ""));
      dims[i] += (long) pads[2 * i] + pads[2 * i + 1];
    }
    return in.output(in.dims(dims));
  }

  private static Inferred transpose(InferenceContext in) {
    Shape shape = in.shape();
    int[] order = in.attrs().getInts("order");
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    boolean permutation = order.length == shape.rank();
    for (int i = 0; permutation && i < sorted.length; i++) {
      permutation = sorted[i] == i;
    }
    in.check(
        permutation,
        ErrorCode.XIR_UNEXPECTED_VALUE,
        "order " + Arrays.toString(order) + " for shape " + shape,
        "name every axis once");
    return in.output(in.dims(Arrays.stream(order).mapToLong(shape::dim).toArray()));
  }
}
