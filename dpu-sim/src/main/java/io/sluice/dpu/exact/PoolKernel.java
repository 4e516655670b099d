package io.sluice.dpu.exact;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;

/**
 * {@code pool-fix}.
 *
 * <p>MAX: the largest value inside the input, then requantized by fp_in - fp_out. AVG: clamp(
 * DPU_ROUND(sum * N / 2^(M + fp_in - fp_out))) with N / 2^M of {@link AverageFactor}; padding
 * counts 0 in the sum and its places count in the area.
 *
 * @param average AVG, else MAX
 * @param multiplier N, or 1 for MAX
 * @param requantize by M + fp_in - fp_out, or by fp_in - fp_out for MAX
 */
record PoolKernel(
    Shape input,
    Shape output,
    WindowAxis y,
    WindowAxis x,
    boolean average,
    int multiplier,
    Requantize requantize)
    implements FixKernel {

  static PoolKernel of(Op op) {
    Shape in = op.input().output().shape();
    if (in.rank() != 4) {
      throw FixOps.unexpected(op, "an input of " + in, "give 4 dimensions");
    }
    WindowAxis y = WindowAxis.vertical(op);
    WindowAxis x = WindowAxis.horizontal(op);
    String type = op.attrs().getString("type");
    boolean average = type.equals("AVG");
    if (!average && !type.equals("MAX")) {
      throw FixOps.unexpected(op, "pool type '" + type + "'", "use MAX or AVG");
    }
    for (WindowAxis axis : List.of(y, x)) {
      if (Math.max(axis.padBegin(), axis.padEnd()) >= axis.kernel()) {
        throw FixOps.outOfRange(
            op,
            "padding " + axis.padBegin() + ", " + axis.padEnd() + " of kernel " + axis.kernel(),
            "keep the padding below the kernel");
      }
    }
    AverageFactor factor =
        average ? AverageFactor.of(x.kernel(), y.kernel()) : new AverageFactor(1, 0);
    int shift = factor.shift() + FixOps.position(op.input()) - FixOps.position(op);
    return new PoolKernel(
        in, op.output().shape(), y, x, average, factor.multiplier(), new Requantize(shift));
  }

  @Override
  public TensorData run(List<TensorData> inputs) {
    byte[] in = inputs.get(0).array();
    byte[] out = new byte[output.elements()];
    int[] sourcesY = y.sources();
    int[] sourcesX = x.sources();
    int channels = input.dim(3);
    int at = 0;
    for (int n = 0; n < input.dim(0); n++) {
      for (int oy = 0; oy < y.out(); oy++) {
        for (int ox = 0; ox < x.out(); ox++) {
          for (int c = 0; c < channels; c++) {
            out[at++] = pool(in, n, sourcesY, oy, sourcesX, ox, c);
          }
        }
      }
    }
    return TensorData.wrap(DataType.XINT8, output, out);
  }

  private byte pool(byte[] in, int n, int[] sourcesY, int oy, int[] sourcesX, int ox, int c) {
    long sum = 0;
    int largest = Byte.MIN_VALUE;
    for (int ky = 0; ky < y.kernel(); ky++) {
      int iy = sourcesY[oy * y.kernel() + ky];
      for (int kx = 0; kx < x.kernel(); kx++) {
        int ix = sourcesX[ox * x.kernel() + kx];
        if (iy >= 0 && ix >= 0) {
          byte value = in[((n * y.in() + iy) * x.in() + ix) * input.dim(3) + c];
          sum += value;
          largest = Math.max(largest, value);
        }
      }
    }
    return requantize.apply(average ? sum * multiplier : largest);
  }
}
