package io.sluice.compile;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An op, float or fixed-point, in the words of the guide's Table 28.
 *
 * @param name of the operator, with its type or mode where the table tells those apart
 * @param values of the variables that the table's rules speak of
 */
record TableOperator(String name, Map<String, Integer> values) {
  private static final Set<String> WINDOWS_2D =
      Set.of(
          "conv2d",
          "depthwise-conv2d",
          "transposed-conv2d",
          "depthwise-transposed-conv2d",
          "max-pooling",
          "average-pooling");

  /** Of a step that lowering has made; empty if the table sets it no limit. */
  static Optional<TableOperator> of(Step step) {
    return name(step.type(), step.attrs())
        .map(
            name ->
                new TableOperator(
                    name,
                    values(
                        name,
                        step.attrs(),
                        step.input().shape(),
                        step.shape(),
                        step.inputs().size(),
                        step.attrs().has("kernel") ? Window.of(step.attrs()) : null)));
  }

  /** Of an op of a graph; empty if it is no operator of the table. */
  static Optional<TableOperator> of(Op op) {
    Optional<String> name = name(op);
    if (name.isEmpty() || op.inputs("input").isEmpty()) {
      return Optional.empty();
    }
    List<Op> maps = op.inputs("input").stream().filter(in -> !FixPositions.isConst(in)).toList();
    Shape in = (maps.isEmpty() ? op.input() : maps.get(0)).output().shape();
    Window window = null;
    if (op.type().startsWith("reduction") && WINDOWS_2D.contains(name.get())) {
      List<Integer> axes = axes(op);
      int width = axes.contains(2) ? in.dim(2) : 1;
      window = new Window(width, axes.contains(1) ? in.dim(1) : 1, 1, 1, 1, 1, 0, 0, 0, 0);
    } else if (WINDOWS_2D.contains(name.get())) {
      window = op.attrs().has("kernel") ? Window.of(op) : Window.pixel();
    }
    return Optional.of(
        new TableOperator(
            name.get(),
            values(name.get(), op.attrs(), in, op.output().shape(), maps.size(), window)));
  }

  private static Optional<String> name(Op op) {
    return switch (op.type()) {
      case "maxpool2d" -> Optional.of("max-pooling");
      case "avgpool2d" -> Optional.of("average-pooling");
      case "reduction_mean" ->
          axes(op).equals(List.of(1, 2)) ? Optional.of("average-pooling") : none();
      case "reduction_max" ->
          Optional.of(List.of(1, 2).containsAll(axes(op)) ? "max-pooling" : "reduction_max");
      case "add" -> Optional.of(hasConstant(op) ? "depthwise-conv2d" : "eltwise.SUM");
      case "mul" -> Optional.of(hasConstant(op) ? "depthwise-conv2d" : "eltwise.PROD");
      case "matmul" -> hasConstant(op) ? Optional.of("conv2d") : none();
      case "inner-product" -> Optional.of("conv2d");
      case "resize" -> Optional.of("resize." + op.attrs().getString("mode"));
      case "pad" -> Optional.of(zeros(op) ? "pad" : "pad." + op.attrs().getString("mode"));
      default -> name(op.type(), op.attrs());
    };
  }

  private static Optional<String> name(String type, Attrs attrs) {
    String base = type.replaceFirst("-fix$", "");
    return switch (base) {
      case "conv2d",
          "depthwise-conv2d",
          "transposed-conv2d",
          "conv3d",
          "depthwise-conv3d",
          "transposed-conv3d",
          "strided_slice",
          "reorg",
          "argmax",
          "reduction_max",
          "cost_volume",
          "hard-sigmoid" ->
          Optional.of(base);
      case "transposed-depthwise-conv2d" -> Optional.of("depthwise-transposed-conv2d");
      case "transposed-depthwise-conv3d" -> Optional.of("depthwise-transposed-conv3d");
      case "correlation1d_elemwise" -> Optional.of("correlation1d_elementwise");
      case "correlation2d_elemwise" -> Optional.of("correlation2d_elementwise");
      case "pool" ->
          Optional.of(attrs.getString("type").equals("MAX") ? "max-pooling" : "average-pooling");
      case "eltwise" ->
          Optional.of(
              attrs.getString("type", "ADD").equals("ADD") ? "eltwise.SUM" : "eltwise.PROD");
      case "upsample" -> Optional.of("resize." + attrs.getString("mode"));
      case "pixel-shuffle", "gstiling", "tile" -> Optional.of("reorg");
      case "pad" -> {
        String mode = attrs.getString("mode");
        yield Optional.of(mode.equals("CONSTANT") ? "pad" : "pad." + mode);
      }
      default -> none();
    };
  }

  private static Optional<String> none() {
    return Optional.empty();
  }

  private static boolean hasConstant(Op op) {
    return op.inputs("input").stream().anyMatch(FixPositions::isConst);
  }

  /** Zeros around a map of four dimensions are loaded, whatever modes the table names. */
  private static boolean zeros(Op op) {
    return op.output().shape().rank() == 4
        && op.attrs().getString("mode").equals("CONSTANT")
        && Movement.isZeroPad(op);
  }

  /** The axes of a reduction, sorted; -1 alone if its input does not have four dimensions. */
  private static List<Integer> axes(Op op) {
    int rank = op.input().output().shape().rank();
    return rank != 4
        ? List.of(-1)
        : Arrays.stream(op.attrs().getInts("axis"))
            .map(axis -> axis < 0 ? axis + rank : axis)
            .sorted()
            .boxed()
            .toList();
  }

  private static Map<String, Integer> values(
      String name, Attrs attrs, Shape in, Shape out, int inputs, Window window) {
    Map<String, Integer> values = new HashMap<>();
    int channels = in.rank() == 0 ? 1 : in.dim(-1);
    values.put("input_channel", channels);
    values.put("output_channel", out.rank() == 0 ? 1 : out.dim(-1));
    values.put("inputs", inputs);
    values.put("group", name.startsWith("depthwise") ? channels : attrs.getInt("group", 1));
    if (window != null) {
      window.into(values);
    } else if (name.equals("depthwise-conv2d")) {
      Window.pixel().into(values);
    } else if (name.endsWith("conv3d")) {
      spatial(attrs, values);
    }
    switch (name.replaceFirst("\\..*", "")) {
      case "resize" -> values.put("scale", scale(in, out));
      case "strided_slice" -> {
        int[] strides = attrs.getInts("strides");
        values.put("stride_batch", strides[0]);
        values.put("stride_channel", strides[strides.length - 1]);
      }
      case "reorg" -> {
        values.put("stride", attrs.getInt(attrs.has("scale") ? "scale" : "stride"));
        boolean reverse = attrs.getBool("reverse", false) || attrs.getBool("upscale", false);
        values.put("reverse", reverse ? 1 : 0);
      }
      case "argmax" -> values.put("channel_axis", isLast(attrs.getInt("axis"), in));
      case "reduction_max" -> {
        int[] axes = attrs.getInts("axis");
        values.put("channel_axis", axes.length == 1 ? isLast(axes[0], in) : 0);
      }
      default -> {
        // The others bring no variables of their own.
      }
    }
    return values;
  }

  private static int isLast(int axis, Shape shape) {
    return axis == -1 || axis == shape.rank() - 1 ? 1 : 0;
  }

  private static int scale(Shape in, Shape out) {
    if (in.rank() < 3 || in.rank() != out.rank()) {
      return 1;
    }
    int rank = in.rank();
    int scale = 1;
    for (int d = 1; d < rank - 1; d++) {
      scale = Math.max(scale, (out.dim(d) + in.dim(d) - 1) / in.dim(d));
    }
    return scale;
  }

  private static void spatial(Attrs attrs, Map<String, Integer> values) {
    int[] kernel = attrs.getInts("kernel");
    int[] stride = attrs.getInts("stride");
    int[] pad = attrs.getInts("pad", 0, 0, 0, 0, 0, 0);
    String[] axes = {"w", "h", "d"};
    String[] sides = {"left", "right", "top", "bottom", "front", "back"};
    for (int i = 0; i < axes.length; i++) {
      values.put("kernel_" + axes[i], kernel[i]);
      values.put("stride_" + axes[i], stride[i]);
    }
    for (int i = 0; i < sides.length; i++) {
      values.put("pad_" + sides[i], pad[i]);
    }
  }
}
