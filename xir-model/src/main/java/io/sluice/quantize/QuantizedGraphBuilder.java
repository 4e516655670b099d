package io.sluice.quantize;

import io.sluice.quantize.QuantizableOps.Kind;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.FixPoint;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.RoundMode;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The graph with its {@code fix} ops, as the quantizers of the Vitis AI flow write it: float ops,
 * and behind every quantized tensor X an op X_fix that rounds it to its position. Constants hold
 * the values that their integers mean, so rounding them again changes nothing. A float op reads the
 * rounded tensor of a quantized op; a float tensor is rounded only for the quantized ops that read
 * it.
 */
final class QuantizedGraphBuilder {
  private static final String RETURN_OPS = "return_ops";

  private final QuantizationPlan plan;
  private final Positions positions;
  private final int bits;
  private final Graph result;
  private final Map<Op, Op> plain = new HashMap<>();
  private final Map<Op, Op> fixed = new HashMap<>();
  private final Map<String, Integer> named = new LinkedHashMap<>();

  QuantizedGraphBuilder(QuantizationPlan plan, Positions positions, int bits) {
    this.plan = plan;
    this.positions = positions;
    this.bits = bits;
    this.result = new Graph(plan.graph().name(), plan.graph().library());
    result.setAttrs(plan.graph().attrs());
  }

  QuantizedModel build() {
    for (Op op : plan.order()) {
      if (plan.kind(op) == Kind.CONSTANT && op.fanOut().stream().allMatch(this::isConvolution)) {
        continue;
      }
      Map<String, List<Op>> inputs = new LinkedHashMap<>();
      op.inputs().forEach((arg, from) -> inputs.put(arg, arguments(op, arg, from)));
      plain.put(op, result.add(op.name(), op.type(), op.attrs(), inputs, op.output()));
      if (plan.points().contains(op)) {
        int position = positions.get(op);
        fixed.put(op, fix(plain.get(op), position, RoundMode.DPU_ROUND));
        named.put(op.output().name(), position);
      }
    }
    if (result.attrs().has(RETURN_OPS)) {
      List<String> returned =
          result.attrs().getStrings(RETURN_OPS).stream().map(this::returned).toList();
      result.setAttrs(result.attrs().with(RETURN_OPS, AttrValue.ofStrings(returned)));
    }
    return new QuantizedModel(result, named, positions.warnings());
  }

  /** A quantized output leaves the graph behind its fix op. */
  private String returned(String name) {
    Op op = plan.graph().op(name);
    return plan.isQuantized(op) ? fixed.get(op).name() : name;
  }

  private boolean isConvolution(Op op) {
    return plan.kind(op) == Kind.CONVOLUTION;
  }

  private List<Op> arguments(Op reader, String arg, List<Op> from) {
    List<Op> to = new ArrayList<>();
    for (Op op : from) {
      if (isConvolution(reader) && plan.kind(op) == Kind.CONSTANT) {
        to.add(constant(reader, arg, op));
      } else if (fixed.containsKey(op) && (plan.isQuantized(op) || plan.isQuantized(reader))) {
        to.add(fixed.get(op));
      } else {
        to.add(plain.get(op));
      }
    }
    return to;
  }

  private Op constant(Op reader, String arg, Op constant) {
    int position = positions.constant(reader, arg);
    float[] values = constant.constData().toFloats();
    for (int i = 0; i < values.length; i++) {
      int q = FixPoint.quantize(values[i], position, bits, RoundMode.PY3_ROUND);
      values[i] = FixPoint.dequantize(q, position);
    }
    String name = constant.output().name();
    if (result.has(name)) {
      name = name + "_of_" + reader.name();
    }
    Op rounded = result.addConst(name, TensorData.ofFloats(constant.output().shape(), values));
    named.put(name, position);
    return fix(rounded, position, RoundMode.PY3_ROUND);
  }

  private Op fix(Op op, int position, RoundMode round) {
    return result.add(
        op.output().name() + "_fix",
        "fix",
        Attrs.EMPTY
            .with("fix_point", position)
            .with("bit_width", bits)
            .with("round_mode", round.name())
            .with("if_signed", true),
        op);
  }
}
