package io.sluice.compile;

import io.sluice.target.BrokenLimit;
import io.sluice.target.DpuTarget;
import io.sluice.target.Nonlinear;
import io.sluice.target.TargetChecker;
import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a target can run an op of a graph, float or fixed-point, or a step that lowering has
 * made. {@link TargetChecker} judges the operator; the shifts that follow from the fix positions of
 * a step must besides fit the hardware's fields (the ranges that the quantizers of Vitis AI
 * enforce).
 */
public final class OperatorChecker {
  private static final int MAX_SHIFT_CUT = 16;
  private static final int MAX_SHIFT_BIAS = 16;
  private static final int MAX_SHIFT_READ = 15;
  private static final int MAX_SHIFT_MUL = 32;
  private static final int MAX_HARD_POSITION = 15;
  private static final int MAX_SHIFT_HARD = 31;

  /** What moves, selects, rounds or clips values, in the DPU's load, save or convolution. */
  private static final Set<String> UNLIMITED =
      Set.of(
          "concat",
          "const",
          "data",
          "download",
          "fix",
          "fix2float",
          "flatten",
          "float2fix",
          "hard-swish",
          "identity",
          "relu",
          "relu6",
          "reshape",
          "squeeze",
          "stack",
          "transpose",
          "upload");

  private final TargetChecker checker;

  /** For a target. */
  public OperatorChecker(DpuTarget target) {
    this.checker = TargetChecker.of(target);
  }

  DpuTarget target() {
    return checker.target();
  }

  /**
   * The limits that an op breaks whatever stands around it, those of Table 28 first; empty if the
   * target has it. The op need not be quantized.
   */
  public List<BrokenLimit> broken(Op op) {
    String type = op.type().replaceFirst("-fix$", "");
    if (UNLIMITED.contains(type)) {
      return List.of();
    }
    if (type.equals("leaky-relu")) {
      float alpha = op.attrs().getFloat("alpha");
      boolean has = alpha == 0.1f || Math.abs(alpha - Tail.LEAKY_SLOPE) <= 1e-6f;
      return has ? List.of() : limit("dpu.leaky-relu", "the slope is 26/256 or 0.1, not " + alpha);
    }
    if (type.equals("resize") && !isWhole(op)) {
      return List.of(otherResize(op));
    }
    Optional<TableOperator> operator = TableOperator.of(op);
    if (operator.isEmpty()) {
      return limit("table28.operator", "'" + op.type() + "' is no operator of Table 28");
    }
    return checker.broken(operator.get().name(), operator.get().values());
  }

  private static List<BrokenLimit> limit(String rule, String limit) {
    return List.of(new BrokenLimit(rule, limit, Map.of()));
  }

  /** The limit that a resize breaks which is not one of those that a DPU can have. */
  static BrokenLimit otherResize(Op op) {
    return new BrokenLimit(
        "table30.resize",
        "NEAREST by a whole factor; BILINEAR by 2, 4 or 8, with half_pixel_centers by 2 or 4;"
            + " without align_corners; this is "
            + op.attrs().getString("mode")
            + " from "
            + op.input().output().shape()
            + " to "
            + op.output().shape(),
        Map.of());
  }

  /** Whether a float resize is one of those that Tables 29 and 30 let the DPU have. */
  static boolean isWhole(Op op) {
    Shape in = op.input().output().shape();
    Shape out = op.output().shape();
    if (in.rank() != 4 || op.attrs().getBool("align_corners", false)) {
      return false;
    }
    int factor = out.dim(1) / in.dim(1);
    boolean whole = out.dim(1) % in.dim(1) == 0 && out.dim(2) % in.dim(2) == 0;
    boolean equal = whole && out.dim(2) / in.dim(2) == factor;
    return switch (op.attrs().getString("mode")) {
      case "NEAREST" -> whole;
      case "BILINEAR" ->
          equal
              && (factor == 2
                  || factor == 4
                  || (factor == 8 && !op.attrs().getBool("half_pixel_centers", false)));
      default -> true;
    };
  }

  /** Whether the engine that runs a type of fixed-point op can apply an activation. */
  boolean fuses(String type, Nonlinear activation) {
    return switch (type) {
      case "conv2d-fix", "transposed-conv2d-fix", "depthwise-conv2d-fix" ->
          checker.fuses(type.replace("-fix", ""), activation);
      case "transposed-depthwise-conv2d-fix" ->
          checker.fuses("depthwise-transposed-conv2d", activation);
      case "eltwise-fix" -> checker.fuses("eltwise.SUM", activation);
      default -> activation == Nonlinear.NONE;
    };
  }

  /** The first limit that a step breaks. */
  Optional<BrokenLimit> check(Step step) {
    return TableOperator.of(step)
        .flatMap(operator -> checker.check(operator.name(), operator.values()))
        .or(() -> checkShifts(step));
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
