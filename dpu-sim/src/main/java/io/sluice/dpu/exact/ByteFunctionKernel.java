package io.sluice.dpu.exact;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;

/**
 * An activation that stands alone: {@code hard-sigmoid-fix}, y = {@link HardSigmoid} of x with
 * shift_hsigmoid = 14 + fp_in - fp_out.
 */
record ByteFunctionKernel(Shape output, Activation activation) implements FixKernel {

  static ByteFunctionKernel hardSigmoid(Op op) {
    return new ByteFunctionKernel(
        op.output().shape(),
        Activation.hardSigmoid(FixOps.position(op.input()), FixOps.position(op)));
  }

  @Override
  public TensorData run(List<TensorData> inputs) {
    byte[] in = inputs.get(0).array();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = activation.apply(in[i], 0);
    }
    return TensorData.wrap(DataType.XINT8, output, out);
  }
}
