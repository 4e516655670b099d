package io.sluice.onnx;

import io.sluice.xir.DataType;
import io.sluice.xir.FixPoint;
import io.sluice.xir.Op;
import java.util.Set;

/**
 * How the tensor of a {@code fix} is stored in 8 bits: its value is (stored - zero) * scale.
 *
 * @param type INT8 or UINT8
 */
record QdqParameters(DataType type, float scale, int zero) {
  private static final int STEPS = 255;
  private static final float SIX = 6f;

  /** Ops that ONNX Runtime runs on the stored bytes if they are stored alike before and after. */
  private static final Set<String> MOVERS =
      Set.of("maxpool2d", "reshape", "flatten", "squeeze", "transpose", "strided_slice");

  /** As the fix says: INT8, a power of two, zero at 0. */
  static QdqParameters ofConstant(Op fix) {
    return new QdqParameters(DataType.INT8, power(fix), 0);
  }

  /**
   * Of an activation. ONNX Runtime's integer kernels leave a ReLU out, and so take in the
   * convolution before it, only where the lowest byte means 0; and a ReLU6 only where moreover the
   * highest means 6 at most, which no power of two gives: its scale is then that of the full range.
   */
  static QdqParameters of(Op fix, FixExports.Form form) {
    if (!form.forKernels()) {
      return ofConstant(fix);
    }
    Op from = fix.input();
    if (MOVERS.contains(from.type()) && storedAlike(from.input(), fix)) {
      return of(from.input(), form);
    }
    boolean unsigned = form == FixExports.Form.KERNELS_U8S8;
    DataType type = unsigned ? DataType.UINT8 : DataType.INT8;
    int lowest = unsigned ? 0 : Byte.MIN_VALUE;
    return switch (from.type()) {
      case "relu" -> new QdqParameters(type, power(fix), lowest);
      case "relu6" -> new QdqParameters(type, upTo(Math.min(SIX, highest(fix))), lowest);
      default -> new QdqParameters(type, power(fix), lowest - Byte.MIN_VALUE);
    };
  }

  private static boolean storedAlike(Op before, Op fix) {
    return before.type().equals("fix")
        && !before.input().isConst()
        && before.attrs().getInt("fix_point") == fix.attrs().getInt("fix_point");
  }

  /** The largest scale whose 255 steps do not go beyond a limit, in float arithmetic. */
  private static float upTo(float limit) {
    float scale = limit / STEPS;
    return scale * STEPS > limit ? Math.nextDown(scale) : scale;
  }

  private static float highest(Op fix) {
    return FixPoint.high(fix.attrs().getInt("bit_width")) * power(fix);
  }

  private static float power(Op fix) {
    return (float) FixPoint.powerOfTwo(-fix.attrs().getInt("fix_point"));
  }
}
