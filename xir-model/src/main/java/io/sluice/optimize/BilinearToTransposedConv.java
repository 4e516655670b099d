package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes a pad and a depthwise transposed convolution of a bilinear resize by whole factors s, under
 * the conditions of the guide's Table 29: without align_corners, by 2, 4 or 8, with half-pixel
 * centres by 2 or 4.
 *
 * <p>Output o lies at o / s, or at (o + 1/2) / s - 1/2 with half-pixel centres, and takes its two
 * neighbours by max(0, 1 - distance). So each input spreads a triangle over 2 s outputs: a
 * transposed convolution of kernel 2 s and stride s. Beyond the border the outermost value holds,
 * which one row and column of SYMMETRIC padding gives: on both sides with half-pixel centres, else
 * only behind. The weights are multiples of 1 / (4 s^2), or 1 / s^2, of at most 1: 8 bits hold them
 * exactly.
 *
 * <p>It runs only where it is asked for: without an engine for the two, a processor would convolve
 * mostly zeros where it interpolated before. The predicate tells for which resize ops the target
 * has both.
 */
final class BilinearToTransposedConv implements Pass {
  private static final Set<Integer> FACTORS = Set.of(2, 4, 8);
  private static final Set<Integer> HALF_PIXEL_FACTORS = Set.of(2, 4);

  private final Predicate<Op> asked;

  BilinearToTransposedConv(Predicate<Op> asked) {
    this.asked = asked;
  }

  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(IdentityRemoval.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    if (!op.type().equals("resize")
        || !op.attrs().getString("mode").equals("BILINEAR")
        || op.attrs().getBool("align_corners", false)
        || !hasFactors(op)
        || !asked.test(op)) {
      return null;
    }
    boolean half = op.attrs().getBool("half_pixel_centers", false);
    Shape in = op.input().output().shape();
    Shape out = op.output().shape();
    int h = out.dim(1) / in.dim(1);
    int w = out.dim(2) / in.dim(2);
    int before = half ? 1 : 0;
    Attrs border =
        Attrs.EMPTY
            .with("paddings", new int[] {0, 0, before, 1, before, 1, 0, 0})
            .with("mode", "SYMMETRIC");
    Attrs window =
        Attrs.EMPTY
            .with("kernel", new int[] {2 * w, 2 * h})
            .with("stride", new int[] {w, h})
            .with("pad_mode", "FLOOR")
            .with("pad", new int[] {crop(w, half), after(w, half), crop(h, half), after(h, half)});
    return new Rewrite.Replacement(
        List.of(op.input()),
        r -> {
          Op padded =
              r.target().add(r.fresh(op.name() + "_pad"), "pad", border, r.image(op.input()));
          TensorData weights = weights(h, w, half, in.dim(3));
          Map<String, List<Op>> inputs = new LinkedHashMap<>();
          inputs.put("input", List.of(padded));
          inputs.put(
              "weights", List.of(r.target().addConst(r.fresh(op.name() + "_weights"), weights)));
          return r.target().add(op.name(), "transposed-depthwise-conv2d", window, inputs);
        });
  }

  private static boolean hasFactors(Op op) {
    Shape in = op.input().output().shape();
    Shape out = op.output().shape();
    if (in.rank() != 4 || out.dim(1) % in.dim(1) != 0 || out.dim(2) % in.dim(2) != 0) {
      return false;
    }
    boolean half = op.attrs().getBool("half_pixel_centers", false);
    Set<Integer> factors = half ? HALF_PIXEL_FACTORS : FACTORS;
    return factors.contains(out.dim(1) / in.dim(1)) && factors.contains(out.dim(2) / in.dim(2));
  }

  /** How many outputs of the transposed convolution lie before the first that is wanted. */
  private static int crop(int s, boolean half) {
    return half ? 3 * s / 2 : s - 1;
  }

  /** How many lie behind the last, of (in + pads - 1) * s + 2 s in all. */
  private static int after(int s, boolean half) {
    return half ? 3 * s / 2 : s + 1;
  }

  /** Weights [1, 2h, 2w, channels], turned by 180 degrees as XIR has them. */
  private static TensorData weights(int h, int w, boolean half, int channels) {
    float[] values = new float[4 * h * w * channels];
    for (int i = 0; i < values.length; i++) {
      int x = i / channels % (2 * w);
      int y = i / channels / (2 * w);
      values[i] = (float) (triangle(y, h, half) * triangle(x, w, half));
    }
    return TensorData.ofFloats(Shape.of(1, 2 * h, 2 * w, channels), values);
  }

  private static double triangle(int at, int s, boolean half) {
    double centre = half ? s - 0.5 : s;
    return Math.max(0, 1 - Math.abs(at - centre) / s);
  }
}
