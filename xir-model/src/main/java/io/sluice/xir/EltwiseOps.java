package io.sluice.xir;

import static io.sluice.xir.DataType.Kind.FLOAT;
import static io.sluice.xir.DataType.Kind.XINT;
import static io.sluice.xir.OpDefBuilder.op;

import io.sluice.error.ErrorCode;
import io.sluice.xir.OpDef.Inferred;
import java.util.ArrayList;
import java.util.List;

/** Ops that combine several inputs element by element, with NumPy's broadcasting. */
final class EltwiseOps {
  private EltwiseOps() {}

  static List<OpDef> definitions() {
    List<OpDef> defs = new ArrayList<>();
    for (String type : List.of("add", "sub", "mul", "div", "min", "max")) {
      defs.add(
          op(type)
              .repeatedArg("input", FLOAT)
              .annotation("All inputs combined from the left, element by element.")
              .infer(EltwiseOps::broadcast));
    }
    defs.add(
        op("eltwise-fix")
            .repeatedArg("input", XINT)
            .optional("nonlinear", AttrValue.of("NONE"))
            .optional("type", AttrValue.of("ADD"))
            .annotation("Fixed-point inputs combined element by element, with an activation.")
            .infer(EltwiseOps::eltwise));
    defs.add(
        op("depthwise-fix")
            .repeatedArg("input", XINT)
            .optional("type", AttrValue.of("MUL"))
            .annotation("Fixed-point inputs multiplied, with broadcasting.")
            .infer(EltwiseOps::broadcast));
    return defs;
  }

  private static Inferred broadcast(InferenceContext in) {
    List<Shape> shapes = in.shapes("input");
    in.check(
        shapes.size() >= 2,
        ErrorCode.XIR_INVALID_ARG_OCCUR,
        "argument 'input' has " + shapes.size() + " op",
        "give at least 2");
    return in.output(ShapeRules.broadcast(in, shapes));
  }

  private static Inferred eltwise(InferenceContext in) {
    List<Shape> shapes = in.shapes("input");
    in.check(
        shapes.size() <= 2 || shapes.stream().distinct().count() == 1,
        ErrorCode.XIR_SHAPE_UNMATCH,
        "shapes " + shapes + " of more than two inputs",
        "more than two inputs must all have one shape");
    return in.output(ShapeRules.broadcast(in, shapes));
  }
}
