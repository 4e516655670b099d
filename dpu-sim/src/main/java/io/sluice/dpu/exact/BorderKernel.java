package io.sluice.dpu.exact;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.RoundMode;
import io.sluice.xir.TensorData;
import java.util.List;

/**
 * {@code float2fix}, {@code fix2float} and {@code fix}, by {@link FixBorder}.
 *
 * @param type the fixed-point type that is written or read
 * @param fix whether the result is fixed point or, for {@code fix}, passes through it
 * @param toFloat whether the result is float
 */
record BorderKernel(DataType type, int position, RoundMode rounding, boolean fix, boolean toFloat)
    implements FixKernel {

  static BorderKernel of(Op op) {
    int bits = op.attrs().getInt("bit_width");
    FixOps.range(op, "bit_width", bits, 2, 8);
    int position = op.attrs().getInt("fix_point");
    FixOps.range(op, "fix_point", position, -100, 100);
    DataType.Kind kind = op.attrs().getBool("if_signed") ? DataType.Kind.XINT : DataType.Kind.XUINT;
    return new BorderKernel(
        new DataType(kind, bits),
        position,
        RoundMode.parse(op.attrs().getString("round_mode")),
        !op.type().equals("fix2float"),
        !op.type().equals("float2fix"));
  }

  @Override
  public TensorData run(List<TensorData> inputs) {
    TensorData value = inputs.get(0);
    if (fix) {
      value = FixBorder.toFix(value, position, type, rounding);
    }
    return toFloat ? FixBorder.toFloat(value, position) : value;
  }
}
