package io.sluice.onnx;

import static io.sluice.onnx.ElementwiseRules.requireFloat;

import io.sluice.onnx.Value.Live;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Activations with parameters, normalisations, space to depth and back, and the largest index. */
final class LayerRules {
  private LayerRules() {}

  static void register(Map<String, NodeRule> rules) {
    rules.put("Gelu", LayerRules::gelu);
    rules.put("Selu", LayerRules::selu);
    rules.put("Mish", (n, s) -> same(n, s, "mish"));
    rules.put("PRelu", LayerRules::prelu);
    rules.put("InstanceNormalization", LayerRules::instanceNorm);
    rules.put("GroupNormalization", LayerRules::groupNorm);
    rules.put("LayerNormalization", LayerRules::layerNorm);
    rules.put("LpNormalization", LayerRules::lpNorm);
    rules.put("DepthToSpace", LayerRules::depthToSpace);
    rules.put("SpaceToDepth", (n, s) -> tile(n, s, false));
    rules.put("ArgMax", (n, s) -> argMax(n, s, false));
    rules.put("ArgMin", (n, s) -> argMax(n, s, true));
  }

  private static void same(OnnxNode node, ImportState state, String type) {
    Live x = state.live(node, 0);
    state.emit(node, type, Attrs.EMPTY, x.op(), x.layout());
  }

  private static void gelu(OnnxNode node, ImportState state) {
    if (!node.string("approximate", "none").equals("none")) {
      throw node.unsupported("Gelu by '" + node.string("approximate", "none") + "'");
    }
    same(node, state, "gelu");
  }

  /** XIR has the parameters of the paper only, which are ONNX's defaults. */
  private static void selu(OnnxNode node, ImportState state) {
    float alpha = node.real("alpha", 1.67326f);
    float gamma = node.real("gamma", 1.0507f);
    if (Math.abs(alpha - 1.67326f) > 1e-4f || Math.abs(gamma - 1.0507f) > 1e-4f) {
      throw node.unsupported("Selu of alpha " + alpha + " and gamma " + gamma);
    }
    same(node, state, "selu");
  }

  private static void prelu(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    TensorData slope = state.known(node, 1);
    int rank = x.shape().rank();
    requireFloat(node, slope);
    boolean perChannel =
        rank >= 2
            && slope.shape().rank() <= rank
            && slope.shape().elements() == x.shape().dim(1)
            && Layout.padRank(slope.shape(), rank).dim(1) == x.shape().dim(1);
    if (!perChannel && slope.shape().elements() != 1) {
      throw node.unsupported("PRelu of slopes " + slope.shape() + " on " + x.shape());
    }
    Layout layout = rank == 4 ? Layout.channelsLast() : x.layout();
    if (perChannel && slope.shape().elements() > 1 && layout.stored(1) != rank - 1) {
      throw node.unsupported("PRelu of a channel that is not the last dimension");
    }
    Map<String, List<Op>> in = new LinkedHashMap<>();
    in.put("input", List.of(state.arranged(x, layout)));
    TensorData weight = slope.reshape(Shape.of(slope.shape().elements()));
    in.put("weight", List.of(state.constant(node.input(1), weight)));
    state.emit(node, 0, "prelu", Attrs.EMPTY, in, layout);
  }

  private static void instanceNorm(OnnxNode node, ImportState state) {
    Attrs attrs = Attrs.EMPTY.with("eps", node.real("epsilon", 1e-5f)).with("affine", true);
    normalise(node, state, "instancenorm", attrs);
  }

  private static void groupNorm(OnnxNode node, ImportState state) {
    Shape shape = state.value(node, 0).shape();
    int groups = node.integer("num_groups", 0);
    if (node.opset() < 21 || shape.rank() < 2 || groups < 1 || shape.dim(1) % groups != 0) {
      throw node.unsupported("GroupNormalization of " + groups + " groups on " + shape);
    }
    Attrs attrs =
        Attrs.EMPTY
            .with("num_groups", groups)
            .with("num_channels", shape.dim(1))
            .with("eps", node.real("epsilon", 1e-5f))
            .with("affine", true);
    normalise(node, state, "groupnorm", attrs);
  }

  private static void normalise(OnnxNode node, ImportState state, String type, Attrs attrs) {
    Live x = state.live(node, 0);
    if (x.shape().rank() != 4) {
      throw node.unsupported(node.type() + " on " + x.shape());
    }
    Map<String, List<Op>> in = new LinkedHashMap<>();
    in.put("input", List.of(state.arranged(x, Layout.channelsLast())));
    for (int i = 1; i <= 2; i++) {
      TensorData values = state.known(node, i);
      requireFloat(node, values);
      if (values.shape().elements() != x.shape().dim(1)) {
        throw node.invalid("of parameters " + values + " on " + x.shape());
      }
      in.put(i == 1 ? "weight" : "bias", List.of(state.constant(node.input(i), values)));
    }
    state.emit(node, 0, type, attrs, in, Layout.channelsLast());
  }

  /** The form of {@link io.sluice.optimize.FloatPasses}: over one dimension, the last. */
  private static void layerNorm(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    Shape shape = x.shape();
    int axis = ShapeRules.axis(node, node.integer("axis", -1), shape.rank());
    boolean alone = node.outputCount() == 1 && node.integer("stash_type", 1) == 1;
    if (!alone || !x.op().output().type().equals(DataType.FLOAT32)) {
      throw node.unsupported(node.type() + " that also gives means, or not of floats");
    }
    int[] dims = Arrays.copyOf(shape.toArray(), axis + 1);
    for (int i = axis + 1; i < shape.rank(); i++) {
      dims[axis] *= shape.dim(i);
    }
    Op rows = ShapeRules.plain(state, x);
    boolean whole = axis == shape.rank() - 1;
    if (!whole) {
      rows = state.helper(node, "_rows", "reshape", Attrs.EMPTY.with("shape", dims), rows);
    }
    List<Op> in = new ArrayList<>(List.of(rows));
    for (int i = 1; i <= 2; i++) {
      if (node.hasInput(i)) {
        TensorData values = state.known(node, i);
        requireFloat(node, values);
        if (values.shape().elements() != dims[axis]) {
          throw node.unsupported(node.type() + " of parameters " + values + " on " + shape);
        }
        in.add(state.constant(node.input(i), values.reshape(Shape.of(dims[axis]))));
      }
    }
    String type = CustomOps.typeFor(node.type());
    CustomOps.register(state.graph().library(), type);
    Attrs attrs =
        CustomOps.attrs(DataType.FLOAT32, Shape.of(dims))
            .with("axis", -1)
            .with("epsilon", node.real("epsilon", 1e-5f));
    Layout plain = Layout.identity(shape.rank());
    if (whole) {
      state.emit(node, 0, type, attrs, Map.of("input", in), plain);
      return;
    }
    Op norm = state.helper(node, "_norm", type, attrs, Map.of("input", in));
    state.emit(node, "reshape", Attrs.EMPTY.with("shape", shape.toArray()), norm, plain);
  }

  private static void lpNorm(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    if (node.integer("p", 2) != 2) {
      throw node.unsupported("LpNormalization of order " + node.integer("p", 2));
    }
    int axis = ShapeRules.axis(node, node.integer("axis", -1), x.shape().rank());
    Attrs attrs = Attrs.EMPTY.with("axis", new int[] {x.layout().stored(axis)});
    state.emit(node, "l2_normalize", attrs, x.op(), x.layout());
  }

  /** CRD is the pixel shuffle; DCR keeps the channels of a position together, as a tile does. */
  private static void depthToSpace(OnnxNode node, ImportState state) {
    if (node.string("mode", "DCR").equals("DCR")) {
      tile(node, state, true);
      return;
    }
    Attrs attrs = Attrs.EMPTY.with("scale", block(node)).with("upscale", true);
    emitMap(node, state, "pixel-shuffle", attrs);
  }

  private static void tile(OnnxNode node, ImportState state, boolean reverse) {
    Attrs attrs = Attrs.EMPTY.with("reverse", reverse).with("stride", block(node));
    emitMap(node, state, "gstiling", attrs);
  }

  private static int block(OnnxNode node) {
    int block = node.integer("blocksize", 0);
    if (block < 1) {
      throw node.invalid("of blocks of " + block);
    }
    return block;
  }

  private static void emitMap(OnnxNode node, ImportState state, String type, Attrs attrs) {
    Live x = state.live(node, 0);
    if (x.shape().rank() != 4) {
      throw node.invalid("on " + x.shape());
    }
    Op in = state.arranged(x, Layout.channelsLast());
    state.emit(node, type, attrs, in, Layout.channelsLast());
  }

  /** XIR gives 32-bit indices and keeps the axis; ONNX gives 64 bits and may drop it. */
  private static void argMax(OnnxNode node, ImportState state, boolean smallest) {
    Live x = state.live(node, 0);
    if (node.integer("select_last_index", 0) != 0
        || !x.op().output().type().equals(DataType.FLOAT32)) {
      throw node.unsupported(node.type() + " of the last index, or of integers");
    }
    int rank = x.shape().rank();
    int axis = ShapeRules.axis(node, node.integer("axis", 0), rank);
    Op from = smallest ? state.helper(node, "_negative", "neg", Attrs.EMPTY, x.op()) : x.op();
    Attrs attrs = Attrs.EMPTY.with("axis", x.layout().stored(axis));
    Op index = state.helper(node, "_index", "argmax", attrs, from);
    Attrs wide = Attrs.EMPTY.with("data_type", DataType.INT64.toString());
    if (node.integer("keepdims", 1) != 0) {
      state.emit(node, "cast", wide, index, x.layout());
      return;
    }
    if (rank == 1) {
      throw node.unsupported(node.type() + " to a scalar");
    }
    boolean[] dropped = new boolean[rank];
    dropped[axis] = true;
    Op cast = state.helper(node, "_wide", "cast", wide, index);
    Attrs squeeze = Attrs.EMPTY.with("axis", new int[] {x.layout().stored(axis)});
    state.emit(node, "squeeze", squeeze, cast, x.layout().without(dropped));
  }
}
