package io.sluice.dpu.exact;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.List;

/**
 * {@code reduction_max-fix}: the largest value over some axes, requantized by fp_in - fp_out.
 *
 * @param reduced for each axis of the input whether it is reduced
 */
record ReduceMaxKernel(Shape input, Shape output, boolean[] reduced, Requantize requantize)
    implements FixKernel {

  static ReduceMaxKernel of(Op op) {
    Shape in = op.input().output().shape();
    boolean[] reduced = new boolean[in.rank()];
    for (int axis : op.attrs().getInts("axis")) {
      FixOps.range(op, "axis", axis, -in.rank(), in.rank() - 1);
      reduced[axis < 0 ? axis + in.rank() : axis] = true;
    }
    int shift = FixOps.position(op.input()) - FixOps.position(op);
    return new ReduceMaxKernel(in, op.output().shape(), reduced, new Requantize(shift));
  }

  @Override
  public TensorData run(List<TensorData> inputs) {
    byte[] in = inputs.get(0).array();
    byte[] out = new byte[output.elements()];
    Arrays.fill(out, Byte.MIN_VALUE);
    int[] at = new int[input.rank()];
    for (byte value : in) {
      int to = 0;
      for (int axis = 0; axis < at.length; axis++) {
        if (!reduced[axis]) {
          to = to * input.dim(axis) + at[axis];
        }
      }
      out[to] = (byte) Math.max(out[to], value);
      Coordinates.next(input, at);
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = requantize.apply(out[i]);
    }
    return TensorData.wrap(DataType.XINT8, output, out);
  }
}
