package io.sluice.xir;

import static io.sluice.xir.DataType.Kind.FLOAT;
import static io.sluice.xir.DataType.Kind.XINT;
import static io.sluice.xir.OpDefBuilder.op;

import io.sluice.error.ErrorCode;
import io.sluice.xir.OpDef.Inferred;
import java.util.List;

/** Ops between float and fixed point, and casts. */
final class QuantizationOps {
  private QuantizationOps() {}

  static List<OpDef> definitions() {
    return List.of(
        fixed("fix", FLOAT)
            .annotation("To the values that fixed point can hold, still in float.")
            .infer(in -> new Inferred(checked(in, DataType.FLOAT32), in.shape())),
        fixed("float2fix", FLOAT)
            .annotation("round(x * 2^fix_point), clipped to the width.")
            .infer(in -> new Inferred(checked(in, fixedType(in)), in.shape())),
        fixed("fix2float", XINT)
            .annotation("x * 2^-fix_point")
            .infer(in -> new Inferred(checked(in, DataType.FLOAT32), in.shape())),
        op("cast")
            .arg("input", FLOAT)
            .required("data_type", AttrType.STRING)
            .annotation("To another type.")
            .infer(
                in -> new Inferred(DataType.parse(in.attrs().getString("data_type")), in.shape())));
  }

  private static OpDefBuilder fixed(String type, DataType.Kind kind) {
    return op(type)
        .arg("input", kind)
        .required("fix_point", AttrType.INT32)
        .required("bit_width", AttrType.INT32)
        .required("round_mode", AttrType.STRING)
        .required("if_signed", AttrType.BOOL);
  }

  private static DataType fixedType(InferenceContext in) {
    checkWidth(in);
    boolean signed = in.attrs().getBool("if_signed");
    return new DataType(signed ? XINT : DataType.Kind.XUINT, in.attrs().getInt("bit_width"));
  }

  private static DataType checked(InferenceContext in, DataType type) {
    checkWidth(in);
    in.oneOf("round_mode", "STD_ROUND", "DPU_ROUND", "PY3_ROUND");
    return type;
  }

  private static void checkWidth(InferenceContext in) {
    int width = in.attrs().getInt("bit_width");
    in.check(
        width >= 1 && width <= 32,
        ErrorCode.XIR_OUT_OF_RANGE,
        "attribute 'bit_width' is " + width,
        "use 1 to 32");
  }
}
