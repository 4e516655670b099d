package io.sluice.dpu.exact;

import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds graphs of {@code -fix} ops. */
final class FixGraph {
  final Graph graph = new Graph("test");
  private int names;

  /** What the caller feeds. */
  Op input(int position, int... shape) {
    Attrs attrs = Attrs.EMPTY.with("shape", shape).with("data_type", "XINT8");
    return at(graph.add("in" + names++, "data-fix", attrs), position);
  }

  Op constant(byte[] values, int position, int... shape) {
    return at(
        graph.addConst("const" + names++, TensorData.wrap(DataType.XINT8, Shape.of(shape), values)),
        position);
  }

  Op add(String type, int position, Attrs attrs, Op... inputs) {
    return add(type, position, attrs, Map.of("input", List.of(inputs)));
  }

  Op add(String type, int position, Attrs attrs, Map<String, List<Op>> inputs) {
    return at(graph.add(type + "_" + names++, type, attrs, inputs), position);
  }

  /**
   * A convolution of any kind; null bias for none.
   *
   * @param weightsShape [OC, KH, KW, IC / groups], depthwise [1, KH, KW, C]
   */
  Op convolve(
      String type,
      int position,
      Attrs attrs,
      Op input,
      byte[] weights,
      int weightsPosition,
      int[] weightsShape,
      byte[] bias,
      int biasPosition) {
    Map<String, List<Op>> inputs = new LinkedHashMap<>();
    inputs.put("input", List.of(input));
    inputs.put("weights", List.of(constant(weights, weightsPosition, weightsShape)));
    if (bias != null) {
      inputs.put("bias", List.of(constant(bias, biasPosition, bias.length)));
    }
    Attrs all = attrs.with("kernel", new int[] {weightsShape[2], weightsShape[1]});
    if (attrs.has("hsigmoid_in")) {
      int product = input.output().attrs().getInt("fix_point") + weightsPosition;
      all =
          all.with("shift_cut", product - attrs.getInt("hsigmoid_in"))
              .with("shift_bias", product - biasPosition);
    }
    return add(type, position, all.has("stride") ? all : all.with("stride", ONES), inputs);
  }

  static final int[] ONES = {1, 1};

  /** The attributes of an activation whose argument is at one position and result at another. */
  static Attrs nonlinear(Activation.Kind kind, int position, int resultPosition) {
    Attrs attrs = Attrs.EMPTY.with("nonlinear", kind.name());
    return switch (kind) {
      case HSIGMOID ->
          attrs
              .with("hsigmoid_in", position)
              .with("shift_hsigmoid", 14 + position - resultPosition);
      case HSWISH ->
          attrs
              .with("hsigmoid_in", position)
              .with("shift_hsigmoid", 7 + position)
              .with("shift_hswish", position + 7 - resultPosition);
      default -> attrs;
    };
  }

  private static Op at(Op op, int position) {
    op.setOutput(op.output().withAttrs(op.output().attrs().with("fix_point", position)));
    return op;
  }

  FixProgram program() {
    return FixProgram.of(graph.ops());
  }
}
