package io.sluice.dpu.exact;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;

/**
 * {@code upsample-fix} and {@code downsample-fix} of mode NEAREST.
 *
 * <p>Per axis: scale = align_corners and out > 1 ? (in - 1) / (out - 1) : in / out; src =
 * half_pixel_centers ? (o + 1/2) * scale - 1/2 : o * scale; index = align_corners ? floor(src +
 * 1/2) : floor(src), within 0 .. in - 1 (the resize rule of the XIR op library), here in integers.
 *
 * @param rows for each row of the output the row of the input
 * @param columns for each column of the output the column of the input
 */
record NearestResample(Shape input, int[] rows, int[] columns) implements Movement {

  static NearestResample of(Op op) {
    String mode = op.attrs().getString("mode");
    if (!mode.equals("NEAREST")) {
      throw FixOps.unsupported(
          op,
          "mode " + mode,
          "use NEAREST; a bilinear resize compiles to a pad and a transposed depthwise convolution");
    }
    Shape in = op.input().output().shape();
    Shape out = op.output().shape();
    if (in.rank() != 4 || in.dim(0) != out.dim(0) || in.dim(3) != out.dim(3)) {
      throw FixOps.unexpected(op, in + " to " + out, "resample height and width only");
    }
    boolean align = op.attrs().getBool("align_corners", false);
    boolean half = op.attrs().getBool("half_pixel_centers", false);
    return new NearestResample(
        in, axis(in.dim(1), out.dim(1), align, half), axis(in.dim(2), out.dim(2), align, half));
  }

  /** How often each row and each column stands in the output; 0 if that is not one number. */
  int repeats() {
    int times = rows.length / input.dim(1);
    return times > 0 && repeats(rows, input.dim(1), times) && repeats(columns, input.dim(2), times)
        ? times
        : 0;
  }

  private static boolean repeats(int[] index, int size, int times) {
    for (int i = 0; i < index.length; i++) {
      if (index[i] != i / times) {
        return false;
      }
    }
    return index.length == times * size;
  }

  static int[] axis(int in, int out, boolean align, boolean half) {
    long scale = align && out > 1 ? in - 1 : in;
    long unit = align && out > 1 ? out - 1 : out;
    int[] index = new int[out];
    for (int o = 0; o < out; o++) {
      // twice the source position, in parts of 1/unit
      long twice = half ? (2L * o + 1) * scale - unit : 2 * o * scale;
      long floor = Math.floorDiv(align ? twice + unit : twice, 2 * unit);
      index[o] = (int) Math.max(0, Math.min(in - 1, floor));
    }
    return index;
  }

  @Override
  public int source(int[] at) {
    return Coordinates.index(input, at[0], rows[at[1]], columns[at[2]], at[3]);
  }
}
