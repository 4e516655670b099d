package io.sluice.xir;

import static io.sluice.xir.DataType.Kind.FLOAT;
import static io.sluice.xir.DataType.Kind.XINT;
import static io.sluice.xir.OpDefBuilder.op;

import io.sluice.xir.OpDef.Inferred;
import io.sluice.xir.WindowShapes.Window;
import java.util.Arrays;
import java.util.List;

/** Pools: over [N, H, W, C] and [N, L, C]. */
final class PoolingOps {
  private PoolingOps() {}

  static List<OpDef> definitions() {
    return List.of(
        pool2d(op("maxpool2d"))
            .annotation("The largest value of each window.")
            .infer(in -> pool(in, Window.of(in, false, true), in.attrs().getBool("global"))),
        pool2d(op("avgpool2d"))
            .optional("count_include_pad", AttrValue.of(true))
            .optional("count_include_invalid", AttrValue.of(true))
            .annotation("The mean of each window.")
            .infer(in -> pool(in, Window.of(in, false, true), in.attrs().getBool("global"))),
        op("maxpool1d")
            .arg("input", FLOAT)
            .required("kernel", AttrType.INT32_VEC, 1)
            .required("stride", AttrType.INT32_VEC, 1)
            .required("pad_mode", AttrType.STRING)
            .optional("pad", AttrValue.ofInts(0, 0), 2)
            .optional("global", AttrValue.of(false))
            .annotation("The largest value of each window of [N, L, C].")
            .infer(in -> pool(in, Window.of(in, false, true), in.attrs().getBool("global"))),
        op("pool-fix")
            .arg("input", XINT)
            .required("kernel", AttrType.INT32_VEC, 2)
            .required("stride", AttrType.INT32_VEC, 2)
            .optional("pad", AttrValue.ofInts(0, 0, 0, 0), 4)
            .required("type", AttrType.STRING)
            .annotation("Pool in fixed point; type MAX or AVG.")
            .infer(
                in -> {
                  in.oneOf("type", "MAX", "AVG");
                  return pool(in, Window.of(in, false, false), false);
                }));
  }

  private static OpDefBuilder pool2d(OpDefBuilder op) {
    return op.arg("input", FLOAT)
        .required("kernel", AttrType.INT32_VEC, 2)
        .required("stride", AttrType.INT32_VEC, 2)
        .required("pad_mode", AttrType.STRING)
        .optional("pad", AttrValue.ofInts(0, 0, 0, 0), 4)
        .optional("global", AttrValue.of(false));
  }

  private static Inferred pool(InferenceContext in, Window window, boolean global) {
    Shape input = in.shape("input", window.kernel().length + 2);
    if (!global) {
      return in.output(WindowShapes.output(in, window, false, input.dim(-1)));
    }
    long[] dims = new long[input.rank()];
    Arrays.fill(dims, 1);
    dims[0] = input.dim(0);
    dims[dims.length - 1] = input.dim(-1);
    return in.output(in.dims(dims));
  }
}
