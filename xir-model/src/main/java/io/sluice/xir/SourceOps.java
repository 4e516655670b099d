package io.sluice.xir;

import static io.sluice.xir.OpDefBuilder.op;

import io.sluice.error.ErrorCode;
import io.sluice.xir.OpDef.Inferred;
import java.util.Arrays;
import java.util.List;

/** Ops without inputs: data from outside, constants, random numbers. */
final class SourceOps {
  private SourceOps() {}

  static List<OpDef> definitions() {
    return List.of(
        constant("const").infer(in -> constant(in, false)),
        constant("const-fix").infer(in -> constant(in, true)),
        declared(op("data")).annotation("What is fed from outside.").infer(SourceOps::asDeclared),
        declared(op("data-fix"))
            .annotation("Fixed-point values that are fed from outside.")
            .infer(SourceOps::asDeclared),
        declared(op("random_standard_normal"))
            .optional("seed", AttrValue.of(0))
            .optional("seed2", AttrValue.of(0))
            .annotation("Normally distributed numbers, mean 0 and deviation 1.")
            .infer(SourceOps::asDeclared));
  }

  /** The attributes by which an op says its own output. */
  static OpDefBuilder declared(OpDefBuilder op) {
    return op.required("shape", AttrType.INT32_VEC).required("data_type", AttrType.STRING);
  }

  private static OpDefBuilder constant(String type) {
    return declared(op(type))
        .required("data", AttrType.BYTES)
        .annotation("Values known when the model is made, row-major and little-endian.");
  }

  static Inferred asDeclared(InferenceContext in) {
    return new Inferred(
        DataType.parse(in.attrs().getString("data_type")),
        in.dims(Arrays.stream(in.ints("shape", 1)).asLongStream().toArray()));
  }

  /** A compiler empties constants whose values it has laid out as parameters of a subgraph. */
  private static Inferred constant(InferenceContext in, boolean mayBeEmptied) {
    Inferred out = asDeclared(in);
    long expected = (long) out.shape().elements() * out.type().bytes();
    int given = in.attrs().getBytes("data").size();
    in.check(
        given == expected || (mayBeEmptied && given == 0),
        ErrorCode.XIR_SHAPE_UNMATCH,
        given + " bytes for " + out.type() + " " + out.shape() + ", which takes " + expected,
        "give exactly the bytes of the shape");
    return out;
  }
}
