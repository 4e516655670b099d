package io.sluice.onnx;

import static io.sluice.onnx.OnnxAttributes.integer;
import static io.sluice.onnx.proto.TensorProto.DataType.FLOAT_VALUE;

import io.sluice.onnx.ExportState.Stored;
import io.sluice.onnx.proto.AttributeProto;
import io.sluice.xir.Attrs;
import io.sluice.xir.FixPoint;
import io.sluice.xir.Op;
import io.sluice.xir.RoundMode;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;

/**
 * The op {@code fix}, as float arithmetic or as ONNX's own quantization, and the ops between floats
 * and integers, {@code float2fix} (which makes nothing sensible of a NaN) and {@code fix2float}.
 */
final class FixExports {
  private FixExports() {}

  /** What becomes of a {@code fix}. */
  enum Form {
    /** Nodes that round as its {@code round_mode} says, exactly. */
    FLOAT,
    /** QuantizeLinear and DequantizeLinear to INT8, which round half to even. */
    QDQ,
    /** Activations as UINT8 and as ONNX Runtime's integer kernels take them. */
    KERNELS_U8S8,
    /** The same with activations as INT8. */
    KERNELS_S8S8;

    boolean quantizes() {
      return this != FLOAT;
    }

    boolean forKernels() {
      return this == KERNELS_U8S8 || this == KERNELS_S8S8;
    }
  }

  static void register(Map<String, OpExport> exports) {
    exports.put("fix", FixExports::write);
    exports.put("float2fix", FixExports::toFix);
    exports.put("fix2float", FixExports::toFloat);
  }

  private static void write(Op op, ExportState state) {
    if (state.form().quantizes()) {
      QdqExports.write(op, state);
    } else {
      writeFloat(op, state);
    }
  }

  private static void writeFloat(Op op, ExportState state) {
    Stored x = state.stored(op.input());
    float back = scale(-op.attrs().getInt("fix_point"));
    state.emit(op, x.layout(), "Mul", List.of(quantized(op, x.name(), state), scalar(state, back)));
  }

  private static void toFix(Op op, ExportState state) {
    Stored x = state.stored(op.input());
    AttributeProto type = integer("to", ElementType.toOnnx(op.output().type()));
    state.emit(op, x.layout(), "Cast", List.of(quantized(op, x.name(), state)), type);
  }

  private static void toFloat(Op op, ExportState state) {
    Stored q = state.stored(op.input());
    String floats = state.fresh(op.output().name() + ".integer");
    state.node("Cast", List.of(q.name()), floats, integer("to", FLOAT_VALUE));
    float scale = scale(-op.attrs().getInt("fix_point"));
    state.emit(op, q.layout(), "Mul", List.of(floats, scalar(state, scale)));
  }

  /**
   * The stored integers, as floats. Scaling by a power of two is exact, and so is the fraction x -
   * floor(x) wherever it could be near one half; floor(x + 0.5) would not be.
   */
  private static String quantized(Op op, String x, ExportState state) {
    Attrs attrs = op.attrs();
    int position = attrs.getInt("fix_point");
    String scaled = step(op, state, "scaled", "Mul", x, scalar(state, scale(position)));
    String rounded =
        switch (RoundMode.parse(attrs.getString("round_mode"))) {
          case DPU_ROUND -> halfUp(op, state, scaled);
          case PY3_ROUND -> step(op, state, "rounded", "Round", scaled);
          case STD_ROUND -> {
            String size = step(op, state, "size", "Abs", scaled);
            String sign = step(op, state, "sign", "Sign", scaled);
            yield step(op, state, "rounded", "Mul", halfUp(op, state, size), sign);
          }
        };
    return step(
        op, state, "clipped", "Clip", rounded, scalar(state, low(op)), scalar(state, high(op)));
  }

  private static String halfUp(Op op, ExportState state, String scaled) {
    String floor = step(op, state, "floor", "Floor", scaled);
    String fraction = step(op, state, "fraction", "Sub", scaled, floor);
    String upper = step(op, state, "upper", "GreaterOrEqual", fraction, scalar(state, 0.5f));
    String carry = state.fresh(op.output().name() + ".carry");
    state.node("Cast", List.of(upper), carry, integer("to", FLOAT_VALUE));
    return step(op, state, "rounded", "Add", floor, carry);
  }

  private static String step(Op op, ExportState state, String what, String type, String... inputs) {
    String name = state.fresh(op.output().name() + "." + what);
    state.node(type, List.of(inputs), name);
    return name;
  }

  /** The values of a constant behind its {@code fix}. */
  static TensorData constData(Op fix) {
    float[] values = fix.input().constData().toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] = FixPoint.dequantize(quantize(fix, values[i]), fix.attrs().getInt("fix_point"));
    }
    return TensorData.ofFloats(fix.output().shape(), values);
  }

  static int quantize(Op fix, float value) {
    RoundMode round = RoundMode.parse(fix.attrs().getString("round_mode"));
    double q = round.round(value * FixPoint.powerOfTwo(fix.attrs().getInt("fix_point")));
    return (int) Math.max(low(fix), Math.min(high(fix), q));
  }

  private static int low(Op fix) {
    return fix.attrs().getBool("if_signed") ? FixPoint.low(fix.attrs().getInt("bit_width")) : 0;
  }

  private static int high(Op fix) {
    int bits = fix.attrs().getInt("bit_width");
    return fix.attrs().getBool("if_signed") ? FixPoint.high(bits) : (1 << bits) - 1;
  }

  static float scale(int exponent) {
    return (float) FixPoint.powerOfTwo(exponent);
  }

  static String scalar(ExportState state, float value) {
    return state.constant("number" + value, TensorData.ofFloats(Shape.of(), value));
  }
}
