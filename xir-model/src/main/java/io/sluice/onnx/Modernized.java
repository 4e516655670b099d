package io.sluice.onnx;

import io.sluice.onnx.proto.AttributeProto;
import io.sluice.onnx.proto.NodeProto;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Rewrites a node of an old opset in the form that it has in the opset which the exporter writes.
 * Only ops whose form changed are named here; nodes of newer opsets stay as they are.
 */
final class Modernized {
  private static final Set<String> FLATTENING = Set.of("Softmax", "LogSoftmax", "Hardmax");

  private Modernized() {}

  /**
   * @return the node in opset {@link OnnxExporter#OPSET} or the model's newer one; null if it has
   *     no such form
   */
  static OnnxNode of(OnnxNode node, ImportState state) {
    if (node.opset() >= OnnxExporter.OPSET) {
      return node;
    }
    NodeProto.Builder now = node.proto().toBuilder();
    int opset = node.opset();
    switch (node.type()) {
      case "Upsample" -> resize(node, state, now, 1);
      case "Resize" -> {
        if (opset < 11) {
          resize(node, state, now, 1);
        }
      }
      case "TopK" -> {
        if (opset < 10) {
          now.addInput(longs(node, state, "_k", node.integer("k", 0)));
          drop(now, "k");
        }
      }
      case "Pad" -> {
        if (opset < 11) {
          now.addInput(longs(node, state, "_pads", node.integers("pads")));
          float value = node.real("value", 0f);
          now.addInput(
              state.hidden(node.output(0) + "_value", TensorData.ofFloats(Shape.of(), value)));
          drop(now, "pads", "value");
        }
      }
      case "Slice" -> {
        if (opset < 10) {
          int[] starts = node.integers("starts");
          int[] axes = new int[starts.length];
          Arrays.setAll(axes, i -> i);
          now.addInput(longs(node, state, "_starts", starts));
          now.addInput(longs(node, state, "_ends", node.integers("ends")));
          now.addInput(longs(node, state, "_axes", node.integers("axes", axes)));
          drop(now, "starts", "ends", "axes");
        }
      }
      case "Clip" -> {
        if (opset < 11) {
          return null;
        }
      }
      case "Scatter" -> now.setOpType("ScatterElements");
      default -> {
        if (FLATTENING.contains(node.type()) && opset < 13 && !lastAxis(node, state, now)) {
          return null;
        }
      }
    }
    return new OnnxNode(now.build(), OnnxExporter.OPSET);
  }

  /** Before opset 11 a resize is asymmetric, rounds down, and has no region of interest. */
  private static void resize(OnnxNode node, ImportState state, NodeProto.Builder now, int scales) {
    String given =
        node.hasInput(scales)
            ? node.input(scales)
            : state.hidden(
                node.output(0) + "_scales",
                TensorData.ofFloats(Shape.of(node.reals("scales").length), node.reals("scales")));
    now.setOpType("Resize").clearInput().clearAttribute();
    now.addAllInput(List.of(node.input(0), "", given));
    now.addAttribute(OnnxAttributes.string("mode", node.string("mode", "nearest")));
    now.addAttribute(OnnxAttributes.string("coordinate_transformation_mode", "asymmetric"));
    now.addAttribute(OnnxAttributes.string("nearest_mode", "floor"));
  }

  private static boolean lastAxis(OnnxNode node, ImportState state, NodeProto.Builder now) {
    Shape shape = state.value(node, 0).shape();
    int axis = ShapeRules.axis(node, node.integer("axis", 1), shape.rank());
    drop(now, "axis");
    now.addAttribute(OnnxAttributes.integer("axis", axis));
    for (int i = axis + 1; i < shape.rank(); i++) {
      if (shape.dim(i) != 1) {
        return false;
      }
    }
    return true;
  }

  private static String longs(OnnxNode node, ImportState state, String suffix, int... values) {
    long[] longs = Arrays.stream(values).asLongStream().toArray();
    return state.hidden(node.output(0) + suffix, TensorData.ofLongs(Shape.of(longs.length), longs));
  }

  static void drop(NodeProto.Builder node, String... names) {
    List<AttributeProto> left =
        node.getAttributeList().stream()
            .filter(a -> !Arrays.asList(names).contains(a.getName()))
            .toList();
    node.clearAttribute().addAllAttribute(left);
  }
}
