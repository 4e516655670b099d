package io.sluice.onnx;

import io.sluice.onnx.Value.Known;
import io.sluice.onnx.proto.NodeProto;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;

/**
 * Rewrites a node that names some axes into the form that names all. When ONNX Runtime (1.29) moves
 * a transpose past such a node it permutes the values as if they were of all axes, and fails.
 */
final class AllAxes {
  private AllAxes() {}

  /** The node that says the same of all axes, or the node itself if it names none. */
  static OnnxNode of(OnnxNode node, ImportState state) {
    return switch (node.type()) {
      case "Pad" -> pad(node, state);
      case "Resize" -> resize(node, state);
      case "CenterCropPad" ->
          node.has("axes") && isKnown(node, state, 1)
              ? with(node, 1, sizes(node, state, 1, node.integers("axes")))
              : node;
      default -> node;
    };
  }

  private static boolean isKnown(OnnxNode node, ImportState state, int input) {
    return node.hasInput(input) && state.value(node, input) instanceof Known;
  }

  private static OnnxNode pad(OnnxNode node, ImportState state) {
    if (!isKnown(node, state, 1) || !isKnown(node, state, 3)) {
      return node;
    }
    int[] axes = state.integers(node, 3);
    int[] given = state.integers(node, 1);
    int rank = state.value(node, 0).shape().rank();
    long[] all = new long[2 * rank];
    for (int i = 0; i < axes.length; i++) {
      int axis = ShapeRules.axis(node, axes[i], rank);
      all[axis] = given[i];
      all[rank + axis] = given[axes.length + i];
    }
    OnnxNode padded = with(node, 1, longs(node, state, all));
    NodeProto.Builder three = padded.proto().toBuilder().clearInput();
    padded.proto().getInputList().stream().limit(3).forEach(three::addInput);
    return new OnnxNode(three.build(), node.opset());
  }

  /** With a region of interest, or a ratio to keep, the axes mean more than the sizes say. */
  private static OnnxNode resize(OnnxNode node, ImportState state) {
    boolean plain =
        !node.hasInput(1) && node.string("keep_aspect_ratio_policy", "stretch").equals("stretch");
    if (!node.has("axes") || !plain) {
      return node;
    }
    int[] axes = node.integers("axes");
    if (isKnown(node, state, 3)) {
      return with(node, 3, sizes(node, state, 3, axes));
    }
    if (!isKnown(node, state, 2)) {
      return node;
    }
    float[] given = state.reals(node, 2);
    int rank = state.value(node, 0).shape().rank();
    float[] all = new float[rank];
    Arrays.fill(all, 1);
    for (int i = 0; i < axes.length; i++) {
      all[ShapeRules.axis(node, axes[i], rank)] = given[i];
    }
    String name = node.output(0) + "_scales";
    return with(node, 2, state.hidden(name, TensorData.ofFloats(Shape.of(rank), all)));
  }

  private static String sizes(OnnxNode node, ImportState state, int input, int[] axes) {
    int[] given = state.integers(node, input);
    int[] dims = state.value(node, 0).shape().toArray();
    for (int i = 0; i < axes.length; i++) {
      dims[ShapeRules.axis(node, axes[i], dims.length)] = given[i];
    }
    return longs(node, state, Arrays.stream(dims).asLongStream().toArray());
  }

  private static String longs(OnnxNode node, ImportState state, long[] values) {
    TensorData data = TensorData.ofLongs(Shape.of(values.length), values);
    return state.hidden(node.output(0) + "_all_axes", data);
  }

  private static OnnxNode with(OnnxNode node, int input, String value) {
    NodeProto.Builder changed = node.proto().toBuilder().setInput(input, value);
    Modernized.drop(changed, "axes");
    return new OnnxNode(changed.build(), node.opset());
  }
}
