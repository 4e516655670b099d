package io.sluice.onnx;

import io.sluice.onnx.Value.Live;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Resize and Upsample of height and width. XIR samples nearest neighbours at floor(o * in / out),
 * with half-pixel centres at floor((o + 0.5) * in / out - 0.5); a node of ONNX is taken when it
 * picks the same rows and columns by whatever rule it states.
 */
final class ResizeRules {
  private ResizeRules() {}

  static void register(Map<String, NodeRule> rules) {
    rules.put("Resize", ResizeRules::resize);
    rules.put("Upsample", ResizeRules::resize);
  }

  private static void resize(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    Shape in = x.shape();
    if (in.rank() != 4) {
      throw node.unsupported(node.type() + " on " + in);
    }
    int[] out = new int[4];
    double[] scale = new double[4];
    targets(node, state, in, out, scale);
    if (out[0] != in.dim(0) || out[1] != in.dim(1)) {
      throw node.unsupported(node.type() + " of batch or channels");
    }
    for (String name : List.of("antialias", "exclude_outside")) {
      if (node.integer(name, 0) != 0) {
        throw node.unsupported(node.type() + " with '" + name + "'");
      }
    }
    if (!node.string("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
      throw node.unsupported(node.type() + " that keeps the aspect ratio");
    }
    String mode = node.string("mode", "nearest");
    boolean upsample = node.type().equals("Upsample") || node.opset() < 11;
    String coordinates =
        upsample ? "asymmetric" : node.string("coordinate_transformation_mode", "half_pixel");
    String rounding = upsample ? "floor" : node.string("nearest_mode", "round_prefer_floor");
    Attrs attrs =
        switch (mode) {
          case "nearest" -> nearest(node, in, out, scale, coordinates, rounding);
          case "linear" -> linear(node, in, out, scale, coordinates);
          default -> throw node.unsupported(node.type() + " of mode '" + mode + "'");
        };
    Map<String, List<Op>> inputs = new LinkedHashMap<>();
    inputs.put("input", List.of(state.arranged(x, Layout.channelsLast())));
    float wide = (float) out[3] / in.dim(3);
    float high = (float) out[2] / in.dim(2);
    if ((int) (in.dim(3) * wide) == out[3] && (int) (in.dim(2) * high) == out[2]) {
      attrs = attrs.with("scale", AttrValue.ofFloats(wide, high));
    } else {
      TensorData size = TensorData.ofInts(Shape.of(2), out[2], out[3]);
      inputs.put(
          "size", List.of(state.graph().addConst(state.fresh(node.output(0) + "_size"), size)));
    }
    state.emit(node, 0, "resize", attrs, inputs, Layout.channelsLast());
  }

  /** Sizes and scales of all four axes; axes that the node does not name stay. */
  private static void targets(
      OnnxNode node, ImportState state, Shape in, int[] out, double[] scale) {
    int scalesInput = node.type().equals("Upsample") || node.opset() < 11 ? 1 : 2;
    float[] scales =
        node.hasInput(scalesInput) ? state.reals(node, scalesInput) : node.reals("scales");
    int[] sizes = node.opset() >= 11 && node.hasInput(3) ? state.integers(node, 3) : new int[0];
    int[] axes = node.integers("axes", 0, 1, 2, 3);
    if (scales.length != axes.length && sizes.length != axes.length) {
      throw node.invalid("of " + scales.length + " scales and " + sizes.length + " sizes");
    }
    Arrays.setAll(out, in::dim);
    Arrays.fill(scale, 1);
    for (int i = 0; i < axes.length; i++) {
      int axis = ShapeRules.axis(node, axes[i], 4);
      double size =
          sizes.length == axes.length ? sizes[i] : Math.floor((double) in.dim(axis) * scales[i]);
      if (!(size >= 1 && size <= 1 << 24)) {
        throw node.invalid("of " + in + " to size " + size + " at axis " + axis);
      }
      out[axis] = (int) size;
      scale[axis] = sizes.length == axes.length ? size / in.dim(axis) : scales[i];
    }
  }

  private static Attrs nearest(
      OnnxNode node, Shape in, int[] out, double[] scale, String coordinates, String rounding) {
    Attrs attrs = Attrs.EMPTY.with("mode", "NEAREST");
    for (boolean half : new boolean[] {false, true}) {
      boolean same = true;
      for (int axis = 2; axis < 4 && same; axis++) {
        int size = in.dim(axis);
        for (int o = 0; o < out[axis] && same; o++) {
          double ratio = (double) size / out[axis];
          double source = half ? (o + 0.5) * ratio - 0.5 : o * ratio;
          int xir = Math.max(0, Math.min(size - 1, (int) Math.floor(source)));
          double at = coordinate(node, coordinates, o, size, out[axis], scale[axis]);
          same = xir == Math.max(0, Math.min(size - 1, round(node, rounding, at)));
        }
      }
      if (same) {
        return half ? attrs.with("half_pixel_centers", true) : attrs;
      }
    }
    throw node.unsupported(
        node.type() + " nearest by '" + coordinates + "' and '" + rounding + "'");
  }

  private static double coordinate(
      OnnxNode node, String mode, int o, int in, int out, double scale) {
    return switch (mode) {
      case "asymmetric" -> o / scale;
      case "half_pixel" -> (o + 0.5) / scale - 0.5;
      case "pytorch_half_pixel" -> out > 1 ? (o + 0.5) / scale - 0.5 : 0;
      case "align_corners" -> out > 1 ? (double) o * (in - 1) / (out - 1) : 0;
      default -> throw node.unsupported(node.type() + " by '" + mode + "'");
    };
  }

  private static int round(OnnxNode node, String mode, double value) {
    return (int)
        switch (mode) {
          case "floor" -> Math.floor(value);
          case "ceil" -> Math.ceil(value);
          case "round_prefer_floor" -> Math.ceil(value - 0.5);
          case "round_prefer_ceil" -> Math.floor(value + 0.5);
          default -> throw node.unsupported(node.type() + " rounding by '" + mode + "'");
        };
  }

  private static Attrs linear(
      OnnxNode node, Shape in, int[] out, double[] scale, String coordinates) {
    Attrs attrs = Attrs.EMPTY.with("mode", "BILINEAR");
    for (int axis = 2; axis < 4 && !coordinates.equals("align_corners"); axis++) {
      // XIR samples by the ratio of the sizes; a scale that a size was rounded down from differs.
      if (Math.abs(scale[axis] * in.dim(axis) - out[axis]) > 1e-4) {
        throw node.unsupported(node.type() + " by " + scale[axis] + " of " + in.dim(axis));
      }
    }
    return switch (coordinates) {
      case "asymmetric" -> attrs;
      case "half_pixel" -> attrs.with("half_pixel_centers", true);
      case "align_corners" -> attrs.with("align_corners", true);
      case "pytorch_half_pixel" -> {
        if (out[2] == 1 || out[3] == 1) {
          throw node.unsupported(node.type() + " by 'pytorch_half_pixel' to size 1");
        }
        yield attrs.with("half_pixel_centers", true);
      }
      default -> throw node.unsupported(node.type() + " by '" + coordinates + "'");
    };
  }
}
