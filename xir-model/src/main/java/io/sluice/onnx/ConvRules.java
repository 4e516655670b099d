package io.sluice.onnx;

import io.sluice.onnx.Value.Live;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Convolutions, transposed convolutions and batch norm.
 *
 * <p>A transposed convolution of XIR is the plain convolution of the input with zeros put between
 * its values; its {@code pad} is kernel - 1 - (padding of that convolution), which is the same
 * number as ONNX's {@code pads}, so that out = (in - 1) * stride + dilation * (kernel - 1) + 1 -
 * pad0 - pad1 in both. ONNX's output padding makes the far pad smaller, and what is left of it
 * becomes rows and columns that only the bias reaches. The weights are those of that plain
 * convolution, so ONNX's are flipped in height and width.
 */
final class ConvRules {
  /** A transposed convolution of more groups is left whole, for the CPU. */
  private static final int MAX_GROUPS = 64;

  private ConvRules() {}

  static void register(Map<String, NodeRule> rules) {
    rules.put("Conv", ConvRules::conv);
    rules.put("ConvTranspose", ConvRules::convTranspose);
    rules.put("BatchNormalization", ConvRules::batchNorm);
  }

  private static void conv(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    TensorData w = weights(node, state);
    requireRank4(node, x.shape(), w.shape());
    int group = node.integer("group", 1);
    int channels = x.shape().dim(1);
    int outChannels = w.shape().dim(0);
    if (group < 1 || (long) w.shape().dim(1) * group != channels || outChannels % group != 0) {
      throw node.invalid(
          "of weights " + w.shape() + " and group " + group + " on input " + x.shape());
    }
    Window window = Window.of(node, x.shape(), w.shape().dim(2), w.shape().dim(3));
    Attrs attrs = window.convAttrs();
    boolean depthwise = group == channels && outChannels == channels && group > 1;
    // OIHW to OHWI; depthwise [C,1,H,W] to [1,H,W,C].
    int[] order = depthwise ? new int[] {1, 2, 3, 0} : new int[] {0, 2, 3, 1};
    Op weights = state.constant(node.input(1), Layout.transpose(w, order));
    if (!depthwise) {
      attrs = attrs.with("group", group);
    }
    state.emit(
        node,
        0,
        depthwise ? "depthwise-conv2d" : "conv2d",
        attrs,
        ImportState.arguments(
            state.arranged(x, Layout.channelsLast()), weights, bias(node, state, outChannels)),
        Layout.channelsLast());
  }

  private static void convTranspose(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    TensorData w = weights(node, state);
    requireRank4(node, x.shape(), w.shape());
    int group = node.integer("group", 1);
    int channels = x.shape().dim(1);
    if (w.shape().dim(0) != channels) {
      throw node.invalid("of weights " + w.shape() + " on input " + x.shape());
    }
    if (group < 1 || channels % group != 0) {
      throw node.invalid("of " + group + " groups on input " + x.shape());
    }
    boolean depthwise = group > 1 && group == channels && w.shape().dim(1) == 1;
    if (group > MAX_GROUPS && !depthwise) {
      throw node.unsupported("ConvTranspose of " + group + " groups");
    }
    Window.Transposed window =
        Window.ofTransposed(node, x.shape(), w.shape().dim(2), w.shape().dim(3));
    int outChannels = w.shape().dim(1) * group;
    Op bias = bias(node, state, outChannels);
    Op input = state.arranged(x, Layout.channelsLast());
    // ONNX keeps [I,O,H,W]; XIR [O,H,W,I], depthwise [1,H,W,I].
    TensorData flipped = flip(Layout.transpose(w, new int[] {1, 2, 3, 0}));
    Attrs attrs = window.window().convAttrs();
    if ((group == 1 || depthwise) && window.beyond() == null) {
      state.emit(
          node,
          0,
          depthwise ? "transposed-depthwise-conv2d" : "transposed-conv2d",
          attrs,
          ImportState.arguments(input, state.constant(node.input(1), flipped), bias),
          Layout.channelsLast());
      return;
    }
    Op map =
        group == 1 || depthwise
            ? state.helper(
                node,
                "_map",
                depthwise ? "transposed-depthwise-conv2d" : "transposed-conv2d",
                attrs,
                ImportState.arguments(input, state.constant(node.input(1), flipped), null))
            : grouped(node, state, input, flipped, attrs, group);
    if (window.beyond() != null) {
      Attrs pad = Attrs.EMPTY.with("paddings", window.beyond()).with("mode", "CONSTANT");
      map = state.helper(node, "_beyond", "pad", pad, map);
    }
    if (bias == null) {
      state.put(node.output(0), new Live(map, Layout.channelsLast()));
    } else {
      Map<String, List<Op>> sum = Map.of("input", List.of(map, bias));
      state.emit(node, 0, "add", Attrs.EMPTY, sum, Layout.channelsLast());
    }
  }

  /** One transposed convolution for each group of channels; XIR's has no groups. */
  private static Op grouped(
      OnnxNode node, ImportState state, Op input, TensorData weights, Attrs attrs, int group) {
    Shape in = input.output().shape();
    int width = in.dim(3) / group;
    List<Op> parts = new ArrayList<>();
    for (int g = 0; g < group; g++) {
      Attrs slice =
          Attrs.EMPTY
              .with("begin", new int[] {0, 0, 0, g * width})
              .with("end", new int[] {in.dim(0), in.dim(1), in.dim(2), (g + 1) * width})
              .with("strides", new int[] {1, 1, 1, 1});
      Op part = state.helper(node, "_in" + g, "strided_slice", slice, input);
      TensorData own = channels(weights, g * width, width);
      Op kernel = state.constant(node.input(1) + "_" + g, own);
      parts.add(
          state.helper(
              node,
              "_map" + g,
              "transposed-conv2d",
              attrs,
              ImportState.arguments(part, kernel, null)));
    }
    return state.helper(
        node, "_maps", "concat", Attrs.EMPTY.with("axis", 3), parts.toArray(new Op[0]));
  }

  /** Some input channels of weights [O,H,W,I]. */
  private static TensorData channels(TensorData weights, int first, int count) {
    float[] all = weights.toFloats();
    int inner = weights.shape().dim(3);
    float[] some = new float[all.length / inner * count];
    for (int row = 0; row < all.length / inner; row++) {
      System.arraycopy(all, row * inner + first, some, row * count, count);
    }
    return TensorData.ofFloats(weights.shape().withDim(3, count), some);
  }

  /** Weights [O,H,W,I] turned by 180 degrees in height and width. */
  static TensorData flip(TensorData weights) {
    Shape s = weights.shape();
    float[] from = weights.toFloats();
    float[] to = new float[from.length];
    int inner = s.dim(3);
    int area = s.dim(1) * s.dim(2);
    for (int o = 0; o < s.dim(0); o++) {
      for (int i = 0; i < area; i++) {
        System.arraycopy(
            from, (o * area + i) * inner, to, (o * area + area - 1 - i) * inner, inner);
      }
    }
    return TensorData.ofFloats(s, to);
  }

  private static void batchNorm(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    if (x.shape().rank() < 2) {
      throw node.invalid("on input " + x.shape());
    }
    if (node.integer("training_mode", 0) != 0) {
      throw node.unsupported("BatchNormalization in training mode");
    }
    Map<String, List<Op>> in = new LinkedHashMap<>();
    in.put("input", List.of(x.op()));
    List<String> names = List.of("gamma", "beta", "moving_mean", "moving_var");
    for (int i = 0; i < names.size(); i++) {
      TensorData values = state.known(node, i + 1);
      if (!values.type().equals(DataType.FLOAT32)
          || values.shape().elements() != x.shape().dim(1)) {
        throw node.invalid("of " + names.get(i) + " " + values + " on input " + x.shape());
      }
      in.put(names.get(i), List.of(state.constant(node.input(i + 1), values)));
    }
    Attrs attrs =
        Attrs.EMPTY.with("axis", x.layout().stored(1)).with("epsilon", node.real("epsilon", 1e-5f));
    state.emit(node, 0, "batchnorm", attrs, in, x.layout());
  }

  private static TensorData weights(OnnxNode node, ImportState state) {
    TensorData w = state.known(node, 1);
    if (!w.type().equals(DataType.FLOAT32)) {
      throw node.invalid("of weights of type " + w.type());
    }
    return w;
  }

  private static Op bias(OnnxNode node, ImportState state, int outChannels) {
    if (!node.hasInput(2)) {
      return null;
    }
    TensorData b = state.known(node, 2);
    if (!b.type().equals(DataType.FLOAT32) || b.shape().elements() != outChannels) {
      throw node.invalid("of bias " + b + " for " + outChannels + " output channels");
    }
    return state.constant(node.input(2), b.reshape(Shape.of(outChannels)));
  }

  private static void requireRank4(OnnxNode node, Shape x, Shape w) {
    if (x.rank() != w.rank() || x.rank() < 3) {
      throw node.invalid("of weights " + w + " on input " + x);
    }
    if (x.rank() != 4) {
      throw node.unsupported(node.type() + " in " + (x.rank() - 2) + " dimensions");
    }
  }
}
