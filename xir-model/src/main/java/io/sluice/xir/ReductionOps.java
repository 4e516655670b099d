package io.sluice.xir;

import static io.sluice.xir.DataType.Kind.FLOAT;
import static io.sluice.xir.DataType.Kind.XINT;
import static io.sluice.xir.OpDefBuilder.op;

import io.sluice.xir.OpDef.Inferred;
import java.util.List;

/** Ops that fold axes away. */
final class ReductionOps {
  private ReductionOps() {}

  static List<OpDef> definitions() {
    return List.of(
        reduction("reduction_max", FLOAT, "The maximum along axes."),
        reduction("reduction_max-fix", XINT, "The maximum along axes."),
        reduction("reduction_mean", FLOAT, "The mean along axes."),
        reduction("reduction_product", FLOAT, "The product along axes."),
        reduction("reduction_sum", FLOAT, "The sum along axes."),
        argmax("argmax", FLOAT),
        argmax("argmax-fix", XINT));
  }

  private static OpDef reduction(String type, DataType.Kind kind, String annotation) {
    return op(type)
        .arg("input", kind)
        .required("axis", AttrType.INT32_VEC)
        .required("keep_dims", AttrType.BOOL)
        .annotation(annotation)
        .infer(
            in ->
                in.output(
                    ShapeRules.reduce(
                        in,
                        in.shape(),
                        in.attrs().getInts("axis"),
                        in.attrs().getBool("keep_dims"))));
  }

  private static OpDef argmax(String type, DataType.Kind kind) {
    return op(type)
        .arg("input", kind)
        .required("axis", AttrType.INT32)
        .annotation("The index of the maximum along an axis.")
        .infer(in -> argmax(in, kind == XINT));
  }

  /** An index is a 32-bit integer; the fixed-point op keeps the type of its input. */
  private static Inferred argmax(InferenceContext in, boolean fixed) {
    Shape shape = ShapeRules.reduce(in, in.shape(), new int[] {in.attrs().getInt("axis")}, true);
    return new Inferred(fixed ? in.type() : DataType.INT32, shape);
  }
}
