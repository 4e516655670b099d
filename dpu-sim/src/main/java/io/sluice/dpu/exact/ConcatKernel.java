package io.sluice.dpu.exact;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;

/**
 * {@code concat-fix}: inputs one after another along an axis, each requantized by fp_i - fp_out
 * when the positions differ.
 *
 * @param axis 0 to rank - 1
 * @param requantize one for each input
 */
record ConcatKernel(List<Shape> inputs, Shape output, int axis, List<Requantize> requantize)
    implements FixKernel {

  static ConcatKernel of(Op op) {
    Shape out = op.output().shape();
    int axis = op.attrs().getInt("axis");
    FixOps.range(op, "axis", axis, -out.rank(), out.rank() - 1);
    int position = FixOps.position(op);
    List<Op> sources = op.inputs("input");
    return new ConcatKernel(
        sources.stream().map(source -> source.output().shape()).toList(),
        out,
        axis < 0 ? axis + out.rank() : axis,
        sources.stream()
            .map(source -> new Requantize(FixOps.position(source) - position))
            .toList());
  }

  @Override
  public TensorData run(List<TensorData> tensors) {
    byte[] out = new byte[output.elements()];
    int inner = 1;
    for (int i = axis + 1; i < output.rank(); i++) {
      inner *= output.dim(i);
    }
    int row = output.dim(axis) * inner;
    int start = 0;
    for (int t = 0; t < tensors.size(); t++) {
      byte[] in = tensors.get(t).array();
      int part = inputs.get(t).dim(axis) * inner;
      for (int i = 0; i < in.length; i++) {
        out[i / part * row + start + i % part] = requantize.get(t).apply(in[i]);
      }
      start += part;
    }
    return TensorData.wrap(DataType.XINT8, output, out);
  }
}
