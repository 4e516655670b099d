package io.sluice.compile;

import io.sluice.target.BrokenLimit;
import io.sluice.target.DpuTarget;
import io.sluice.target.Engine;
import io.sluice.target.IntRanges;
import io.sluice.target.Nonlinear;
import io.sluice.target.OperatorLimits;
import io.sluice.xir.Attrs;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a target can run a step. A limit holds if either Table 28 of the guide or the description
 * of the target forbids the step; the shifts that follow from the fix positions must fit the
 * hardware's fields (the ranges that the quantizers of Vitis AI enforce).
 */
final class OperatorChecker {
  private static final int MAX_SHIFT_CUT = 16;
  private static final int MAX_SHIFT_BIAS = 16;
  private static final int MAX_SHIFT_READ = 15;
  private static final int MAX_SHIFT_MUL = 32;
  private static final int MAX_HARD_POSITION = 15;
  private static final int MAX_SHIFT_HARD = 31;

  /** What target descriptions call the ability to run an operator of Table 28. */
  private static final Map<String, Set<String>> ENGINE_TYPES =
      Map.of(
          "depthwise-conv2d", Set.of("DWCONV", "MACC_TEMP"),
          "depthwise-transposed-conv2d", Set.of("DWCONV", "MACC_TEMP"),
          "max-pooling", Set.of("MAX_POOL", "COMP_TEMP", "MAX"),
          "average-pooling", Set.of("AVG_POOL", "MACC_TEMP", "AVG"),
          "eltwise.SUM", Set.of("ADD", "ELEW_ADD"),
          "eltwise.PROD", Set.of("MULT", "ELEW_MULT"),
          "hard-sigmoid", Set.of("HSIGMOID", "MACC_TEMP"));

  private final DpuTarget target;
  private final OperatorLimits limits;

  OperatorChecker(DpuTarget target) {
    this.target = target;
    this.limits = OperatorLimits.of(target);
  }

  /** The name in Table 28 of what a fixed-point op computes. */
  private static String operator(Step step) {
    return switch (step.type()) {
      case "conv2d-fix" -> "conv2d";
      case "depthwise-conv2d-fix" -> "depthwise-conv2d";
      case "transposed-conv2d-fix" -> "transposed-conv2d";
      case "transposed-depthwise-conv2d-fix" -> "depthwise-transposed-conv2d";
      case "pool-fix" ->
          step.attrs().getString("type").equals("MAX") ? "max-pooling" : "average-pooling";
      case "eltwise-fix" -> "eltwise";
      case "upsample-fix" -> "resize";
      default -> "";
    };
  }

  /** Whether the engine that runs a type of fixed-point op can apply an activation. */
  boolean fuses(String type, Nonlinear activation) {
    return switch (type) {
      case "conv2d-fix", "transposed-conv2d-fix" ->
          limits.fuses(type.replace("-fix", ""), activation)
              && (activation == Nonlinear.NONE || target.conv().nonlinear().contains(activation));
      case "depthwise-conv2d-fix" ->
          limits.fuses("depthwise-conv2d", activation)
              && engineFuses("depthwise-conv2d", activation);
      case "transposed-depthwise-conv2d-fix" ->
          limits.fuses("depthwise-transposed-conv2d", activation)
              && engineFuses("depthwise-transposed-conv2d", activation);
      case "eltwise-fix" ->
          limits.fuses("eltwise", activation) && engineFuses("eltwise.SUM", activation);
      default -> activation == Nonlinear.NONE;
    };
  }

  private boolean engineFuses(String ability, Nonlinear activation) {
    return activation == Nonlinear.NONE
        || engine(ability).map(e -> e.nonlinear().contains(activation)).orElse(false);
  }

  private Optional<Engine> engine(String ability) {
    return target.engineFor(ENGINE_TYPES.get(ability));
  }

  /** The first limit that a step breaks. */
  Optional<BrokenLimit> check(Step step) {
    Optional<BrokenLimit> broken = checkOperator(step);
    return broken.isPresent() ? broken : checkShifts(step);
  }

  private Optional<BrokenLimit> checkOperator(Step step) {
    Attrs a = step.attrs();
    String operator = operator(step);
    Map<String, Integer> values = new HashMap<>();
    values.put("input_channel", step.input().shape().dim(-1));
    values.put("output_channel", step.shape().dim(-1));
    values.put("inputs", step.inputs().size());
    if (a.has("kernel")) {
      Window.of(a).into(values);
      values.put("group", operator.startsWith("depthwise") ? values.get("input_channel") : 1);
    }
    switch (step.type()) {
      case "upsample-fix" -> {
        float[] scale = a.getFloats("scale");
        values.put("scale", (int) Math.max(scale[0], scale[1]));
      }
      case "strided_slice-fix" -> {
        int[] strides = a.getInts("strides");
        values.put("stride_batch", strides[0]);
        values.put("stride_channel", strides[strides.length - 1]);
        return limits.check("strided_slice", values);
      }
      case "hard-sigmoid-fix" -> {
        return checkHardSigmoid();
      }
      default -> {
        // The others bring no variables of their own.
      }
    }
    if (operator.isEmpty()) {
      return Optional.empty();
    }
    if (operator.equals("eltwise")) {
      String type = a.getString("type").equals("ADD") ? "SUM" : "PROD";
      if (!limits.names("eltwise", type)) {
        return Optional.of(
            new BrokenLimit("table28.eltwise.type", type + " is not supported", Map.of()));
      }
      operator = "eltwise." + type;
    }
    Optional<BrokenLimit> table = limits.check(operator.replaceAll("\\..*", ""), values);
    return table.isPresent() ? table : checkEngine(operator, values);
  }

  private Optional<BrokenLimit> checkHardSigmoid() {
    boolean able =
        target
            .engineFor(ENGINE_TYPES.get("hard-sigmoid"))
            .filter(
                e -> e.types().contains("HSIGMOID") || e.nonlinear().contains(Nonlinear.HSIGMOID))
            .isPresent();
    return able
        ? Optional.empty()
        : Optional.of(
            new BrokenLimit("target.hard-sigmoid", "no engine computes hard-sigmoid", Map.of()));
  }

  private Optional<BrokenLimit> checkEngine(String operator, Map<String, Integer> values) {
    if (operator.equals("conv2d")) {
      return checkWindow("conv", target.conv().kernel(), target.conv().stride(), values);
    }
    if (!ENGINE_TYPES.containsKey(operator)) {
      return Optional.empty();
    }
    Optional<Engine> engine = engine(operator);
    if (engine.isEmpty()) {
      return Optional.of(
          new BrokenLimit(
              "target." + operator, "no engine of " + target.name() + " computes it", Map.of()));
    }
    Engine e = engine.get();
    String id = e.kind().name().toLowerCase(Locale.ROOT);
    // Through its quotient by the stride, as Table 28 says, is how a transposed one is limited.
    if (e.kernel() != null && !operator.contains("transposed") && values.containsKey("kernel_w")) {
      Optional<BrokenLimit> broken = checkWindow(id, e.kernel(), e.stride(), values);
      if (broken.isPresent()) {
        return broken;
      }
    }
    if (e.pad() != null && values.containsKey("pad_left")) {
      Map<String, IntRanges> sides = new LinkedHashMap<>();
      sides.put("pad_left", e.pad().left());
      sides.put("pad_right", e.pad().right());
      sides.put("pad_top", e.pad().top());
      sides.put("pad_bottom", e.pad().bottom());
      for (Map.Entry<String, IntRanges> side : sides.entrySet()) {
        if (!side.getValue().contains(values.get(side.getKey()))) {
          return broken("target." + id + "." + side.getKey(), side, values);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<BrokenLimit> checkWindow(
      String id, IntRanges kernel, IntRanges stride, Map<String, Integer> values) {
    Map<String, IntRanges> allowed = new LinkedHashMap<>();
    allowed.put("kernel_w", kernel);
    allowed.put("kernel_h", kernel);
    allowed.put("stride_w", stride);
    allowed.put("stride_h", stride);
    for (Map.Entry<String, IntRanges> e : allowed.entrySet()) {
      if (!e.getValue().contains(values.get(e.getKey()))) {
        return broken("target." + id + "." + e.getKey(), e, values);
      }
    }
    return Optional.empty();
  }

  private static Optional<BrokenLimit> broken(
      String rule, Map.Entry<String, ?> limit, Map<String, Integer> values) {
    String name = limit.getKey();
    return Optional.of(
        new BrokenLimit(
            rule, name + " in {" + limit.getValue() + "}", Map.of(name, values.get(name))));
  }

  private static Optional<BrokenLimit> checkShifts(Step step) {
    if (step.weights() != null) {
      return checkConvolution(step);
    }
    if (step.type().equals("eltwise-fix") && step.attrs().getString("type").equals("ADD")) {
      int low = step.inputs().stream().mapToInt(Step.Operand::position).min().orElseThrow();
      int high = step.inputs().stream().mapToInt(Step.Operand::position).max().orElseThrow();
      Optional<BrokenLimit> read = range("shift_read", high - low, 0, MAX_SHIFT_READ);
      return read.isPresent()
          ? read
          : range("shift_write", low - step.position(), -MAX_SHIFT_READ, MAX_SHIFT_READ);
    }
    if (step.type().equals("eltwise-fix")) {
      int sum = step.inputs().stream().mapToInt(Step.Operand::position).sum();
      return range("shift_mul", sum - step.position(), 0, MAX_SHIFT_MUL);
    }
    if (step.type().equals("hard-sigmoid-fix")) {
      return hardActivation(step.attrs());
    }
    return Optional.empty();
  }

  private static Optional<BrokenLimit> checkConvolution(Step step) {
    Attrs a = step.attrs();
    int product = step.input().position() + step.weights().position();
    boolean hard = a.getInt("hsigmoid_in") != ConvSteps.UNSET;
    int cut = product - (hard ? a.getInt("hsigmoid_in") : step.position());
    Optional<BrokenLimit> broken = range("shift_cut", cut, 0, MAX_SHIFT_CUT);
    if (broken.isEmpty() && step.bias() != null) {
      boolean leaky = a.getString("nonlinear").equals(Nonlinear.LEAKYRELU.name());
      int low = leaky ? 0 : Math.min(0, -(24 - (8 + cut)));
      broken = range("shift_bias", product - step.bias().position(), low, MAX_SHIFT_BIAS);
    }
    return broken.isEmpty() && hard ? hardActivation(a) : broken;
  }

  private static Optional<BrokenLimit> hardActivation(Attrs a) {
    Optional<BrokenLimit> broken =
        range("hsigmoid_in", a.getInt("hsigmoid_in"), 0, MAX_HARD_POSITION);
    if (broken.isEmpty()) {
      broken = range("shift_hsigmoid", a.getInt("shift_hsigmoid"), 0, MAX_SHIFT_HARD);
    }
    int swish = a.getInt("shift_hswish", ConvSteps.UNSET);
    return broken.isEmpty() && swish != ConvSteps.UNSET
        ? range("shift_hswish", swish, 0, MAX_SHIFT_HARD)
        : broken;
  }

  private static Optional<BrokenLimit> range(String name, int value, int low, int high) {
    return value >= low && value <= high
        ? Optional.empty()
        : Optional.of(
            new BrokenLimit(
                "fix." + name, low + " <= " + name + " <= " + high, Map.of(name, value)));
  }
}
