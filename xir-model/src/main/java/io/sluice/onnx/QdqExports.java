package io.sluice.onnx;

import io.sluice.onnx.ExportState.Stored;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.function.UnaryOperator;

/** The op {@code fix} as QuantizeLinear and DequantizeLinear, which round half to even. */
final class QdqExports {
  private QdqExports() {}

  static void write(Op op, ExportState state) {
    requireInt8(op);
    Stored x = state.stored(op.input());
    QdqParameters parameters = QdqParameters.of(op, state.form());
    String scale = FixExports.scalar(state, parameters.scale());
    String zero = zero(parameters, state);
    String stored = state.fresh(op.output().name() + ".int8");
    state.node("QuantizeLinear", List.of(x.name(), scale, zero), stored);
    state.emit(op, x.layout(), "DequantizeLinear", List.of(stored, scale, zero));
  }

  /** A constant with its {@code fix}, rearranged: INT8 values and a DequantizeLinear. */
  static String constant(Op fix, ExportState state, UnaryOperator<TensorData> arrangement) {
    requireInt8(fix);
    TensorData values = arrangement.apply(fix.input().constData());
    byte[] stored = new byte[values.shape().elements()];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = (byte) FixExports.quantize(fix, values.getFloat(i));
    }
    TensorData int8 = TensorData.wrap(DataType.INT8, values.shape(), stored);
    String name = state.fresh(fix.output().name() + ".values");
    String data = state.constant(fix.output().name(), int8);
    QdqParameters parameters = QdqParameters.ofConstant(fix);
    String scale = FixExports.scalar(state, parameters.scale());
    state.node("DequantizeLinear", List.of(data, scale, zero(parameters, state)), name);
    return name;
  }

  /**
   * The bias of a convolution or a product of matrices. The integer kernels add it to their sums,
   * so for them it is INT32 in steps of a product of input and weight; where the steps are powers
   * of two, and not coarser than the bias, none of its values changes.
   */
  static String bias(Op input, Op weights, Op bias, ExportState state) {
    boolean fixed = input.type().equals("fix") && weights.type().equals("fix");
    if (!state.form().forKernels() || !fixed || !bias.type().equals("fix")) {
      return state.stored(bias).name();
    }
    double step =
        (double) QdqParameters.of(input, state.form()).scale()
            * QdqParameters.ofConstant(weights).scale();
    float[] values = FixExports.constData(bias).toFloats();
    int[] stored = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      double steps = Math.rint(values[i] / step);
      if (Math.abs(steps) > Integer.MAX_VALUE) {
        return state.stored(bias).name();
      }
      stored[i] = (int) steps;
    }
    TensorData int32 = TensorData.ofInts(bias.output().shape(), stored);
    String data = state.constant(bias.output().name(), int32);
    String name = state.fresh(bias.output().name() + ".values");
    state.node("DequantizeLinear", List.of(data, FixExports.scalar(state, (float) step)), name);
    return name;
  }

  private static void requireInt8(Op fix) {
    if (!fix.attrs().getBool("if_signed") || fix.attrs().getInt("bit_width") != 8) {
      throw OnnxExporter.unsupported(fix, "a width other than 8 bits, signed");
    }
  }

  private static String zero(QdqParameters parameters, ExportState state) {
    byte[] zero = {(byte) parameters.zero()};
    return state.constant("zero_point", TensorData.wrap(parameters.type(), Shape.of(), zero));
  }
}
