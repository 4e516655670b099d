package io.sluice.dpu.exact;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code eltwise-fix} (ADD, MUL) and {@code depthwise-fix} (MUL), with NumPy broadcasting.
 *
 * <p>ADD: t = sum of x_i * 2^(max fp - fp_i), at position max fp. MUL: t = product of x_i, at
 * position sum of fp_i. Then y = activation(t / 2^shift), shift leading from that position to the
 * one before the activation.
 *
 * @param product MUL, else ADD
 * @param shiftsRead max fp - fp_i for ADD, zeros for MUL
 * @param shift from the position of t to that before the activation
 */
record ElementwiseKernel(
    boolean product,
    List<Shape> inputs,
    Shape output,
    List<Integer> shiftsRead,
    int shift,
    Activation activation)
    implements FixKernel {

  static ElementwiseKernel of(Op op) {
    boolean depthwise = op.type().equals("depthwise-fix");
    String type = op.attrs().getString("type", depthwise ? "MUL" : "ADD");
    if (!type.equals("MUL") && (depthwise || !type.equals("ADD"))) {
      throw FixOps.unsupported(op, "type '" + type + "'", depthwise ? "use MUL" : "use ADD or MUL");
    }
    boolean product = type.equals("MUL");
    List<Op> sources = op.inputs("input");
    int[] positions = sources.stream().mapToInt(FixOps::position).toArray();
    int highest = Arrays.stream(positions).max().orElseThrow();
    int lowest = Arrays.stream(positions).min().orElseThrow();
    int position = product ? Arrays.stream(positions).sum() : highest;
    Activation activation = Activation.of(op, FixOps.position(op));
    if (product) {
      FixOps.range(op, "number of factors", positions.length, 1, 4);
    } else {
      FixOps.range(op, "shift_read", highest - lowest, 0, 15);
      FixOps.range(op, "shift_write", lowest - activation.position(), -15, 15);
    }
    List<Integer> shiftsRead = new ArrayList<>();
    for (int p : positions) {
      shiftsRead.add(product ? 0 : highest - p);
    }
    return new ElementwiseKernel(
        product,
        sources.stream().map(source -> source.output().shape()).toList(),
        op.output().shape(),
        List.copyOf(shiftsRead),
        new Requantize(position - activation.position()).shift(),
        activation);
  }

  @Override
  public TensorData run(List<TensorData> tensors) {
    long[] totals = new long[output.elements()];
    Arrays.fill(totals, product ? 1 : 0);
    for (int i = 0; i < tensors.size(); i++) {
      byte[] values = tensors.get(i).array();
      int[] index = Broadcast.index(inputs.get(i), output);
      int read = shiftsRead.get(i);
      for (int at = 0; at < totals.length; at++) {
        long value = values[index[at]];
        totals[at] = product ? totals[at] * value : totals[at] + (value << read);
      }
    }
    byte[] out = new byte[totals.length];
    for (int at = 0; at < out.length; at++) {
      out[at] = activation.apply(totals[at], shift);
    }
    return TensorData.wrap(DataType.XINT8, output, out);
  }
}
