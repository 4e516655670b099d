package io.sluice.dpu.exact;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;

/**
 * An op that moves data: reshape, tile, reorg, pixel shuffle, slice, pad, nearest resampling,
 * upload, download. Values change only when the fix positions of input and output differ: then they
 * are requantized by fp_in - fp_out.
 *
 * @param fill what an element has that nothing feeds, at the input's fix position
 */
record MovementKernel(
    Shape input, Shape output, Movement movement, byte fill, Requantize requantize)
    implements FixKernel {

  static MovementKernel of(Op op, Movement movement) {
    return of(op, movement, (byte) 0);
  }

  static MovementKernel of(Op op, Movement movement, byte fill) {
    int shift = FixOps.position(op.input()) - FixOps.position(op);
    return new MovementKernel(
        op.input().output().shape(), op.output().shape(), movement, fill, new Requantize(shift));
  }

  /** A movement that keeps the row-major order: reshape, upload, download, identity. */
  record Straight(Shape output) implements Movement {
    @Override
    public int source(int[] at) {
      return Coordinates.index(output, at);
    }
  }

  static MovementKernel straight(Op op) {
    if (op.input().output().shape().elements() != op.output().shape().elements()) {
      throw FixOps.unexpected(
          op,
          op.input().output().shape() + " to " + op.output().shape(),
          "keep the number of elements");
    }
    return of(op, new Straight(op.output().shape()));
  }

  @Override
  public TensorData run(List<TensorData> inputs) {
    byte[] in = inputs.get(0).array();
    byte[] out = new byte[output.elements()];
    int[] at = new int[output.rank()];
    for (int i = 0; i < out.length; i++) {
      int source = movement.source(at);
      out[i] = requantize.apply(source == Movement.NONE ? fill : in[source]);
      Coordinates.next(output, at);
    }
    return TensorData.wrap(DataType.XINT8, output, out);
  }
}
