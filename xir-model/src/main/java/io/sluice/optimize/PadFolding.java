package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.Arrays;
import java.util.Set;

/**
 * Takes a pad of height and width into the convolutions and pools that read it (Table 28: a
 * constant pad of zeros is fused into its neighbours):
 *
 * <ul>
 *   <li>zeros into a convolution, whose own padding is of zeros
 *   <li>zeros into an average pool that counts its padding, or has none
 *   <li>into a max pool, which skips its padding: the lowest value, or zeros before values that are
 *       none below zero, if every window then still has a value of the map
 * </ul>
 *
 * <p>Only when every reader takes it, so that no pad is done twice; when no side exceeds (kernel -
 * 1) * dilation, beyond which no DPU convolves or pools; and where windows are counted by FLOOR or
 * VALID, as SAME places its padding by the size of the map.
 */
final class PadFolding implements Pass {
  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(IdentityRemoval.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    Op pad = op.inputs("input").size() == 1 ? op.input() : null;
    if (pad == null
        || !pad.type().equals("pad")
        || outputs.contains(pad)
        || !pad.fanOut().stream().allMatch(reader -> takes(reader, pad))) {
      return null;
    }
    return new Rewrite.Replacement(
        op.allInputs().stream().map(in -> in == pad ? pad.input() : in).toList(),
        r -> {
          Attrs attrs = op.attrs().with("pad", sum(op, pad)).with("pad_mode", "FLOOR");
          if (op.type().equals("avgpool2d")) {
            attrs = attrs.with("count_include_pad", true);
          }
          return r.target()
              .add(op.name(), op.type(), attrs, r.images(op, in -> in == pad ? pad.input() : in));
        });
  }

  private static boolean takes(Op reader, Op pad) {
    Shape shape = pad.output().shape();
    String mode = reader.attrs().getString("pad_mode", "");
    if (shape.rank() != 4
        || !pad.attrs().getString("mode").equals("CONSTANT")
        || reader.inputs("input").size() != 1
        || reader.input() != pad
        || !(mode.equals("FLOOR") || (mode.equals("VALID") && isUnpadded(reader)))
        || reader.attrs().getBool("global", false)
        || !isSpatial(pad)
        || !isWithinKernel(reader, pad)) {
      return false;
    }
    float fill = fill(pad);
    return switch (reader.type()) {
      case "conv2d", "depthwise-conv2d" -> fill == 0;
      case "avgpool2d" ->
          fill == 0 && (reader.attrs().getBool("count_include_pad", true) || isUnpadded(reader));
      case "maxpool2d" ->
          fill <= -Float.MAX_VALUE || (fill == 0 && Activations.isNonNegative(pad.input()));
      default -> false;
    };
  }

  /** The one value that a pad puts in, or NaN. */
  private static float fill(Op pad) {
    float[] values =
        pad.attrs().has("constant_values")
            ? pad.attrs().getFloats("constant_values")
            : new float[] {0};
    for (float v : values) {
      if (v != values[0]) {
        return Float.NaN;
      }
    }
    return values.length == 0 ? 0 : values[0];
  }

  private static boolean isSpatial(Op pad) {
    int[] p = pad.attrs().getInts("paddings");
    return p[0] == 0 && p[1] == 0 && p[6] == 0 && p[7] == 0;
  }

  private static boolean isWithinKernel(Op reader, Op pad) {
    int[] kernel = reader.attrs().getInts("kernel");
    int[] dilation = reader.attrs().getInts("dilation", 1, 1);
    int[] sum = sum(reader, pad);
    for (int i = 0; i < sum.length; i++) {
      if (sum[i] > (kernel[i / 2] - 1) * dilation[i / 2]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUnpadded(Op op) {
    return Arrays.stream(own(op)).allMatch(p -> p == 0);
  }

  /** The pads {left, right, top, bottom} of an op itself. */
  private static int[] own(Op op) {
    return op.attrs().getInts("pad", 0, 0, 0, 0);
  }

  /** The pads of an op and of the pad before it, whose list is {before, after} for each of NHWC. */
  private static int[] sum(Op op, Op pad) {
    int[] own = own(op);
    int[] p = pad.attrs().getInts("paddings");
    return new int[] {own[0] + p[4], own[1] + p[5], own[2] + p[2], own[3] + p[3]};
  }
}
