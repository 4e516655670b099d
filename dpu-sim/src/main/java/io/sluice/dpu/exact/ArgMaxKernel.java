package io.sluice.dpu.exact;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;

/**
 * {@code argmax-fix}: the index of the largest value along an axis, the first of equals. The result
 * is an integer of the output's type and has no fix position.
 *
 * @param axis 0 to rank - 1
 */
record ArgMaxKernel(Shape input, Shape output, int axis, DataType type) implements FixKernel {

  static ArgMaxKernel of(Op op) {
    Shape in = op.input().output().shape();
    int axis = op.attrs().getInt("axis");
    FixOps.range(op, "axis", axis, -in.rank(), in.rank() - 1);
    axis = axis < 0 ? axis + in.rank() : axis;
    DataType type = op.output().type();
    boolean small = type.bytes() == 1;
    if (type.isFloat() || !(small || type.equals(DataType.INT32))) {
      throw FixOps.unsupported(op, "indices as " + type, "use XINT8 or INT32");
    }
    FixOps.range(op, "size of the axis", in.dim(axis), 1, small ? 128 : Integer.MAX_VALUE);
    return new ArgMaxKernel(in, op.output().shape(), axis, type);
  }

  @Override
  public TensorData run(List<TensorData> inputs) {
    byte[] in = inputs.get(0).array();
    int inner = 1;
    for (int i = axis + 1; i < input.rank(); i++) {
      inner *= input.dim(i);
    }
    int[] out = new int[output.elements()];
    for (int i = 0; i < out.length; i++) {
      int first = i / inner * inner * input.dim(axis) + i % inner;
      int best = 0;
      for (int k = 1; k < input.dim(axis); k++) {
        if (in[first + k * inner] > in[first + best * inner]) {
          best = k;
        }
      }
      out[i] = best;
    }
    if (type.equals(DataType.INT32)) {
      return TensorData.ofInts(output, out);
    }
    byte[] bytes = new byte[out.length];
    for (int i = 0; i < out.length; i++) {
      bytes[i] = (byte) out[i];
    }
    return TensorData.wrap(type, output, bytes);
  }
}
