package io.sluice.xir;

import static io.sluice.xir.DataType.Kind.FLOAT;
import static io.sluice.xir.DataType.Kind.XINT;
import static io.sluice.xir.OpDefBuilder.op;

import io.sluice.error.ErrorCode;
import io.sluice.xir.OpDef.Inferred;
import io.sluice.xir.WindowShapes.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Convolutions: plain and depthwise, forward and transposed, in one to three dimensions, float and
 * fixed point.
 *
 * <p>Weights are [OC, KH, KW, IC / group] (1-D: [OC, K, IC]; 3-D: [OC, KH, KW, KD, IC]); those of a
 * depthwise one are [multiplier, KH, KW, IC]. The pad of a transposed one is the kernel less 1 less
 * the pad of the convolution over the dilated input that equals it.
 */
final class ConvolutionOps {
  /** Stands for "not set" in the shifts of a fused activation. */
  private static final int UNSET = -128;

  private static final String[] NONLINEAR = {
    "", "NONE", "RELU", "PRELU", "LEAKYRELU", "RELU6", "HSIGMOID", "HSWISH"
  };

  /** What tells one convolution from another. */
  private record Kind(int spatial, boolean depthwise, boolean transposed) {
    String type() {
      return (transposed ? "transposed-" : "")
          + (depthwise ? "depthwise-" : "")
          + "conv"
          + spatial
          + "d";
    }
  }

  private ConvolutionOps() {}

  static List<OpDef> definitions() {
    List<OpDef> defs = new ArrayList<>();
    defs.add(conv1d());
    for (int spatial : new int[] {2, 3}) {
      for (boolean transposed : new boolean[] {false, true}) {
        for (boolean depthwise : new boolean[] {false, true}) {
          Kind kind = new Kind(spatial, depthwise, transposed);
          defs.add(floating(kind));
          defs.add(fixed(kind));
        }
      }
    }
    return defs;
  }

  private static OpDef conv1d() {
    return op("conv1d")
        .arg("input", FLOAT)
        .arg("weights", FLOAT)
        .optionalArg("bias", FLOAT)
        .required("kernel", AttrType.INT32_VEC, 1)
        .required("stride", AttrType.INT32_VEC, 1)
        .optional("dilation", AttrValue.ofInts(1), 1)
        .required("pad_mode", AttrType.STRING)
        .optional("pad", AttrValue.ofInts(0, 0), 2)
        .annotation("1-D convolution over [N, L, C].")
        .infer(in -> convolve(in, new Kind(1, false, false), Window.of(in, true, true)));
  }

  private static OpDef floating(Kind kind) {
    OpDefBuilder builder =
        window(
                op(kind.type())
                    .arg("input", FLOAT)
                    .arg("weights", FLOAT)
                    .optionalArg("bias", FLOAT),
                kind)
            .required("pad_mode", AttrType.STRING)
            .with(b -> pad(b, kind));
    return group(builder, kind)
        .annotation(annotation(kind))
        .infer(in -> convolve(in, kind, Window.of(in, true, true)));
  }

  private static OpDef fixed(Kind kind) {
    OpDefBuilder builder =
        window(
                op(kind.type() + "-fix")
                    .arg("input", XINT)
                    .arg("weights", XINT)
                    .optionalArg("bias", XINT),
                kind)
            .with(b -> pad(b, kind))
            .optional("nonlinear", AttrValue.of(""))
            .optional("hsigmoid_in", AttrValue.of(UNSET))
            .optional("shift_hsigmoid", AttrValue.of(UNSET))
            .optional("shift_hswish", AttrValue.of(UNSET));
    return group(builder, kind)
        .annotation(annotation(kind) + " In fixed point, with its activation.")
        .infer(
            in -> {
              checkNonlinear(in);
              return convolve(in, kind, Window.of(in, true, false));
            });
  }

  private static OpDefBuilder window(OpDefBuilder op, Kind kind) {
    int[] ones = new int[kind.spatial()];
    Arrays.fill(ones, 1);
    return op.required("kernel", AttrType.INT32_VEC, kind.spatial())
        .required("stride", AttrType.INT32_VEC, kind.spatial())
        .optional("dilation", AttrValue.ofInts(ones), kind.spatial());
  }

  private static OpDefBuilder pad(OpDefBuilder op, Kind kind) {
    return op.optional("pad", AttrValue.ofInts(new int[2 * kind.spatial()]), 2 * kind.spatial());
  }

  private static boolean hasGroup(Kind kind) {
    return kind.spatial() == 2 && !kind.depthwise() && !kind.transposed();
  }

  private static OpDefBuilder group(OpDefBuilder op, Kind kind) {
    return hasGroup(kind) ? op.optional("group", AttrValue.of(1)) : op;
  }

  private static String annotation(Kind kind) {
    return kind.spatial()
        + "-D "
        + (kind.transposed() ? "transposed " : "")
        + (kind.depthwise() ? "depthwise " : "")
        + "convolution over "
        + (kind.spatial() == 2 ? "[N, H, W, C]." : "[N, H, W, D, C].");
  }

  private static Inferred convolve(InferenceContext in, Kind kind, Window window) {
    int spatial = kind.spatial();
    Shape input = in.shape("input", spatial + 2);
    Shape weights = in.shape("weights", spatial + 2);
    int group = hasGroup(kind) ? in.positive("group") : 1;
    in.check(
        input.dim(-1) % group == 0 && weights.dim(0) % group == 0,
        ErrorCode.XIR_INVALID_ARG_OCCUR,
        "group " + group + " with " + input.dim(-1) + " channels in and " + weights.dim(0) + " out",
        "group must divide both");
    in.check(
        weights.dim(-1) == input.dim(-1) / group,
        ErrorCode.XIR_INVALID_ARG_OCCUR,
        "weights " + weights + " on input " + input + " in " + group + " groups",
        "the last dimension of the weights must be the input channels of a group");
    for (int i = 0; i < spatial; i++) {
      in.check(
          weights.dim(WindowShapes.axis(i, spatial)) == window.kernel()[i],
          ErrorCode.XIR_SHAPE_UNMATCH,
          "weights " + weights + " for kernel " + Arrays.toString(window.kernel()),
          "kernel is {w, h}, weights are [OC, KH, KW, IC]");
    }
    long channels = kind.depthwise() ? (long) weights.dim(0) * weights.dim(-1) : weights.dim(0);
    if (in.has("bias")) {
      in.check(
          in.shape("bias").elements() == channels,
          ErrorCode.XIR_SHAPE_UNMATCH,
          "bias " + in.shape("bias") + " for " + channels + " channels",
          "give one value per output channel");
    }
    return in.output(WindowShapes.output(in, window, kind.transposed(), channels));
  }

  private static void checkNonlinear(InferenceContext in) {
    String nonlinear = in.oneOf("nonlinear", NONLINEAR);
    boolean swish = nonlinear.equals("HSWISH");
    if (!swish && !nonlinear.equals("HSIGMOID")) {
      return;
    }
    for (String name : List.of("hsigmoid_in", "shift_hsigmoid", "shift_hswish")) {
      in.check(
          in.attrs().getInt(name) != UNSET || (name.equals("shift_hswish") && !swish),
          ErrorCode.XIR_UNEXPECTED_VALUE,
          "activation " + nonlinear + " without '" + name + "'",
          "set it (" + UNSET + " means not set)");
    }
    for (String name : List.of("shift_bias", "shift_cut")) {
      in.check(
          in.attrs().has(name),
          ErrorCode.XIR_UNDEFINED_ATTR,
          "activation " + nonlinear + " without '" + name + "'",
          "set the attribute as the quantizer does");
    }
  }
}
