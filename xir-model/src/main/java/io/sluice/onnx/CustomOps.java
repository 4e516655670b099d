package io.sluice.onnx;

import io.sluice.xir.AttrType;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.OpDef;
import io.sluice.xir.OpLibrary;
import io.sluice.xir.Shape;
import java.util.List;

/**
 * Ops of ONNX that XIR has no op for: they keep their ONNX name behind {@code onnx::} and declare
 * shape and type of their output themselves, as custom ops of XIR do. Those that work value by
 * value may be stored in any layout; all others carry their node (see {@link KeptNodes}) and have
 * the order of dimensions of ONNX.
 */
final class CustomOps {
  private static final String PREFIX = "onnx::";

  private CustomOps() {}

  static String typeFor(String onnxType) {
    return PREFIX + onnxType;
  }

  static boolean isCustom(String xirType) {
    return xirType.startsWith(PREFIX);
  }

  static String onnxType(String xirType) {
    return xirType.substring(PREFIX.length());
  }

  /** Adds the definition of a custom op to a library that does not know it yet. */
  static void register(OpLibrary library, String xirType) {
    if (library.has(xirType)) {
      return;
    }
    library.register(
        new OpDef(
            xirType,
            List.of(new OpDef.ArgDef("input", OpDef.Occurrence.REPEATED, DataType.Kind.FLOAT, "")),
            List.of(
                new OpDef.AttrDef("shape", AttrType.INT32_VEC, true, null, 0, "output shape"),
                new OpDef.AttrDef("data_type", AttrType.STRING, true, null, 0, "output type")),
            op ->
                new OpDef.Inferred(
                    DataType.parse(op.attrs().getString("data_type")),
                    Shape.of(op.attrs().getInts("shape"))),
            onnxType(xirType) + " of ONNX"));
  }

  static Attrs attrs(DataType type, Shape stored) {
    return Attrs.EMPTY.with("shape", stored.toArray()).with("data_type", type.toString());
  }
}
