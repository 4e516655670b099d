package io.sluice.onnx;

import static io.sluice.onnx.OnnxAttributes.integer;
import static io.sluice.onnx.OnnxAttributes.ints;
import static io.sluice.onnx.OnnxAttributes.real;
import static io.sluice.onnx.OnnxAttributes.string;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.proto.AttributeProto;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Convolutions, pools, resize and batch norm: they work on NCHW. For weights and pads of transposed
 * convolutions see {@link ConvRules}.
 */
final class ConvExports {
  private ConvExports() {}

  static void register(Map<String, OpExport> exports) {
    exports.put("conv2d", (op, s) -> conv(op, s, false));
    exports.put("depthwise-conv2d", (op, s) -> conv(op, s, true));
    exports.put("transposed-conv2d", (op, s) -> transposed(op, s, false));
    exports.put("transposed-depthwise-conv2d", (op, s) -> transposed(op, s, true));
    exports.put("maxpool2d", (op, s) -> pool(op, s, "MaxPool"));
    exports.put("avgpool2d", (op, s) -> pool(op, s, "AveragePool"));
    exports.put("batchnorm", ConvExports::batchNorm);
    exports.put("resize", ConvExports::resize);
  }

  private static void conv(Op op, ExportState state, boolean depthwise) {
    Op weights = op.input("weights");
    requireConst(op, weights);
    Shape w = weights.output().shape();
    requireSingleMultiplier(op, depthwise, w);
    // [O,H,W,I] to [O,I,H,W]; depthwise [1,H,W,C] to [C,1,H,W].
    int[] order = depthwise ? new int[] {3, 0, 1, 2} : new int[] {0, 3, 1, 2};
    int group = depthwise ? w.dim(3) : op.attrs().getInt("group", 1);
    List<AttributeProto> attributes = window(op, windowPads(op));
    attributes.add(integer("group", group));
    write(op, state, "Conv", data -> Layout.transpose(data, order), attributes);
  }

  private static void transposed(Op op, ExportState state, boolean depthwise) {
    Op weights = op.input("weights");
    requireConst(op, weights);
    Shape w = weights.output().shape();
    requireSingleMultiplier(op, depthwise, w);
    // [O,H,W,I] to [I,O,H,W]; depthwise [1,H,W,C] to [C,1,H,W].
    UnaryOperator<TensorData> turned =
        data -> Layout.transpose(ConvRules.flip(data), new int[] {3, 0, 1, 2});
    List<AttributeProto> attributes = window(op, transposedPads(op));
    attributes.add(integer("group", depthwise ? w.dim(3) : 1));
    write(op, state, "ConvTranspose", turned, attributes);
  }

  private static void write(
      Op op,
      ExportState state,
      String type,
      UnaryOperator<TensorData> arrangement,
      List<AttributeProto> attributes) {
    List<String> in = new ArrayList<>();
    in.add(state.arranged(op.input(), Layout.channelsFirst()));
    in.add(state.constant(op.input("weights"), arrangement));
    for (Op bias : op.inputs("bias")) {
      in.add(QdqExports.bias(op.input(), op.input("weights"), bias, state));
    }
    state.emit(op, Layout.channelsFirst(), type, in, attributes.toArray(new AttributeProto[0]));
  }

  private static void requireConst(Op op, Op weights) {
    if (!ExportState.isConst(weights)) {
      throw OnnxExporter.unsupported(op, "weights that are not a const op");
    }
  }

  private static void requireSingleMultiplier(Op op, boolean depthwise, Shape weights) {
    if (depthwise && weights.dim(0) != 1) {
      throw OnnxExporter.unsupported(op, "a channel multiplier of " + weights.dim(0));
    }
  }

  private static List<AttributeProto> window(Op op, int[] pads) {
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(ints("kernel_shape", heightWidth(op.attrs().getInts("kernel"))));
    attributes.add(ints("strides", heightWidth(op.attrs().getInts("stride"))));
    if (!op.type().contains("pool")) {
      attributes.add(ints("dilations", heightWidth(op.attrs().getInts("dilation", 1, 1))));
    }
    attributes.add(ints("pads", pads));
    return attributes;
  }

  private static int[] heightWidth(int[] widthHeight) {
    return new int[] {widthHeight[1], widthHeight[0]};
  }

  /** Pads as top, left, bottom, right, whatever the op's pad mode, from the shapes. */
  private static int[] windowPads(Op op) {
    int[] pad = op.attrs().getInts("pad", 0, 0, 0, 0);
    int[] pads = {pad[2], pad[0], pad[3], pad[1]};
    String mode = op.attrs().getString("pad_mode");
    if (mode.equals("FLOOR") || mode.equals("CEIL")) {
      return pads;
    }
    int[] kernel = heightWidth(op.attrs().getInts("kernel"));
    int[] stride = heightWidth(op.attrs().getInts("stride"));
    int[] dilation = heightWidth(op.attrs().getInts("dilation", 1, 1));
    for (int axis = 0; axis < 2; axis++) {
      int in = op.input().output().shape().dim(axis + 1);
      int out = op.output().shape().dim(axis + 1);
      int effective = (kernel[axis] - 1) * dilation[axis] + 1;
      int total = Math.max(0, (out - 1) * stride[axis] + effective - in);
      pads[axis] = total / 2;
      pads[axis + 2] = total - total / 2;
    }
    return pads;
  }

  private static int[] transposedPads(Op op) {
    int[] pad = op.attrs().getInts("pad", 0, 0, 0, 0);
    int[] pads = {pad[2], pad[0], pad[3], pad[1]};
    String mode = op.attrs().getString("pad_mode");
    if (!mode.equals("FLOOR") && !mode.equals("CEIL")) {
      throw OnnxExporter.unsupported(op, "pad mode " + mode);
    }
    return pads;
  }

  private static void pool(Op op, ExportState state, String type) {
    List<String> in = List.of(state.arranged(op.input(), Layout.channelsFirst()));
    if (op.attrs().getBool("global", false)) {
      state.emit(op, Layout.channelsFirst(), "Global" + type, in);
      return;
    }
    List<AttributeProto> attributes = window(op, windowPads(op));
    attributes.add(integer("ceil_mode", op.attrs().getString("pad_mode").equals("CEIL") ? 1 : 0));
    if (type.equals("AveragePool")) {
      boolean counted = op.attrs().getBool("count_include_pad", true);
      attributes.add(integer("count_include_pad", counted ? 1 : 0));
    }
    state.emit(op, Layout.channelsFirst(), type, in, attributes.toArray(new AttributeProto[0]));
  }

  private static void batchNorm(Op op, ExportState state) {
    int rank = op.output().shape().rank();
    int axis = op.attrs().getInt("axis");
    axis = axis < 0 ? axis + rank : axis;
    // ONNX normalises its dimension 1, so the axis is stored there.
    int[] order = new int[rank];
    for (int i = 1; i < rank; i++) {
      order[i] = i == 1 ? axis : i - 1 < axis ? i - 1 : i;
    }
    if (rank < 2 || axis == 0) {
      throw OnnxExporter.unsupported(op, "axis " + axis + " of rank " + rank);
    }
    Layout layout = Layout.of(order);
    List<String> in = new ArrayList<>();
    in.add(state.arranged(op.input(), layout));
    for (String argument : List.of("gamma", "beta", "moving_mean", "moving_var")) {
      in.add(state.stored(op.input(argument)).name());
    }
    float epsilon = op.attrs().getFloat("epsilon");
    state.emit(op, layout, "BatchNormalization", in, real("epsilon", epsilon));
  }

  private static void resize(Op op, ExportState state) {
    Shape out = op.output().shape();
    String mode = op.attrs().getString("mode");
    boolean nearest = mode.equals("NEAREST");
    boolean corners = op.attrs().getBool("align_corners", false);
    boolean half = op.attrs().getBool("half_pixel_centers", false);
    if (out.rank() != 4 || !(nearest || mode.equals("BILINEAR"))) {
      throw new SluiceException(
          ErrorCode.ONNX_UNSUPPORTED_OP,
          "resize of mode " + mode + " on " + out,
          "op '" + op.name() + "'",
          "resize feature maps by NEAREST or BILINEAR");
    }
    String sizes =
        state.longTensor(op.name() + ".sizes", out.dim(0), out.dim(3), out.dim(1), out.dim(2));
    state.emit(
        op,
        Layout.channelsFirst(),
        "Resize",
        List.of(state.arranged(op.input(), Layout.channelsFirst()), "", "", sizes),
        string("mode", nearest ? "nearest" : "linear"),
        string(
            "coordinate_transformation_mode",
            corners ? "align_corners" : half ? "half_pixel" : "asymmetric"),
        string("nearest_mode", corners ? "round_prefer_ceil" : "floor"));
  }
}
