package io.sluice.xir;

import static io.sluice.xir.DataType.Kind.FLOAT;
import static io.sluice.xir.DataType.Kind.INT;
import static io.sluice.xir.DataType.Kind.XINT;
import static io.sluice.xir.OpDefBuilder.op;

import io.sluice.error.ErrorCode;
import io.sluice.xir.OpDef.Inferred;
import java.util.List;

/** Ops that sample a feature map at another resolution. Scales are {w, h} or {w, h, d}. */
final class ResizeOps {
  private ResizeOps() {}

  static List<OpDef> definitions() {
    return List.of(
        sampled("resize", FLOAT)
            .optional("scale", new AttrValue(AttrType.FLOAT_VEC, List.of()))
            .annotation("To the size of 'size', or by the factors of 'scale'.")
            .infer(ResizeOps::resize),
        sampled("upsample-fix", XINT)
            .required("scale", AttrType.FLOAT_VEC, 2)
            .annotation("Larger by the factors of 'scale'.")
            .infer(in -> scaled(in, true)),
        sampled("downsample-fix", XINT)
            .required("scale", AttrType.FLOAT_VEC, 2)
            .annotation("Smaller by the factors of 'scale'.")
            .infer(in -> scaled(in, false)));
  }

  private static OpDefBuilder sampled(String type, DataType.Kind kind) {
    return op(type)
        .arg("input", kind)
        .optionalArg("size", INT)
        .required("mode", AttrType.STRING)
        .optional("align_corners", AttrValue.of(false))
        .optional("half_pixel_centers", AttrValue.of(false));
  }

  private static Shape checkedInput(InferenceContext in) {
    String mode = in.oneOf("mode", "NEAREST", "BILINEAR", "TRILINEAR");
    return in.shape("input", mode.equals("TRILINEAR") ? 5 : 4);
  }

  private static Inferred resize(InferenceContext in) {
    Shape input = checkedInput(in);
    return in.output(in.has("size") ? bySize(in, input) : byScale(in, input));
  }

  /** Sizes are [h, w] or [h, w, d], in the order of the axes, or the whole shape. */
  private static Shape bySize(InferenceContext in, Shape input) {
    int[] size = in.knownInts("size");
    int spatial = input.rank() - 2;
    boolean whole = size.length == input.rank();
    in.check(
        whole || size.length == spatial,
        ErrorCode.XIR_SHAPE_UNMATCH,
        "argument 'size' has " + size.length + " values for input " + input,
        "give one per spatial axis, or the whole shape");
    in.check(
        !whole || (size[0] == input.dim(0) && size[size.length - 1] == input.dim(-1)),
        ErrorCode.XIR_SHAPE_UNMATCH,
        "argument 'size' changes batch or channels of " + input,
        "resize spatial axes only");
    long[] dims = ShapeRules.toLongs(input);
    for (int i = 0; i < spatial; i++) {
      dims[i + 1] = size[whole ? i + 1 : i];
    }
    return in.dims(dims);
  }

  private static Shape byScale(InferenceContext in, Shape input) {
    float[] scale = in.factors("scale");
    int spatial = input.rank() - 2;
    in.check(
        scale.length == spatial,
        ErrorCode.XIR_INVALID_ATTR_OCCUR,
        "attribute 'scale' has " + scale.length + " factors for input " + input,
        "give one per spatial axis, or the argument 'size'");
    long[] dims = ShapeRules.toLongs(input);
    for (int i = 0; i < spatial; i++) {
      int axis = WindowShapes.axis(i, spatial);
      dims[axis] = (long) (input.dim(axis) * scale[i]);
    }
    return in.dims(dims);
  }

  private static Inferred scaled(InferenceContext in, boolean up) {
    Shape input = checkedInput(in);
    float[] scale = in.factors("scale");
    long[] dims = ShapeRules.toLongs(input);
    for (int i = 0; i < scale.length; i++) {
      int axis = WindowShapes.axis(i, scale.length);
      double size = up ? dims[axis] * (double) scale[i] : Math.ceil(dims[axis] / (double) scale[i]);
      dims[axis] = (long) size;
    }
    return in.output(in.dims(dims));
  }
}
