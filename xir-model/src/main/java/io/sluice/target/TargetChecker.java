package io.sluice.target;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The one judge of what a target can run: an operator runs where neither the guide's Table 28 nor
 * the description of the target forbids it. It knows operators by the names of the table, not
 * graphs; {@code eltwise}, {@code resize} and {@code pad} are asked for with the type or mode that
 * the table tells apart, e.g. {@code eltwise.SUM} or {@code resize.NEAREST}. Immutable.
 *
 * <p>Ids of rules are stable: {@code table28.OPERATOR.RULE}, {@code target.OPERATOR} where no
 * engine computes it, {@code target.ENGINE.VARIABLE} where the engine cannot do so much.
 */
public final class TargetChecker {
  /** What an engine must be able to do for an operator; the convolution engine runs the others. */
  private static final Map<String, Ability> ABILITIES =
      Map.of(
          "depthwise-conv2d", Ability.DEPTHWISE_CONV,
          "depthwise-transposed-conv2d", Ability.DEPTHWISE_CONV,
          "depthwise-conv3d", Ability.DEPTHWISE_CONV,
          "max-pooling", Ability.MAX_POOL,
          "average-pooling", Ability.AVERAGE_POOL,
          "eltwise.SUM", Ability.ADD,
          "eltwise.PROD", Ability.MULTIPLY,
          "hard-sigmoid", Ability.HARD_SIGMOID,
          "reduction_max", Ability.REDUCE_MAX,
          "argmax", Ability.ARGMAX);

  private final DpuTarget target;
  private final OperatorLimits limits;

  private TargetChecker(DpuTarget target) {
    this.target = target;
    this.limits = target.table() == null ? null : OperatorLimits.of(target);
  }

  /** The judge of a target. */
  public static TargetChecker of(DpuTarget target) {
    return new TargetChecker(target);
  }

  public DpuTarget target() {
    return target;
  }

  /** The first limit that an operator breaks; see {@link #broken}. */
  public Optional<BrokenLimit> check(String operator, Map<String, Integer> values) {
    return broken(operator, values).stream().findFirst();
  }

  /**
   * The limits that an operator breaks, those of the table first.
   *
   * @param operator its name in the table, with its type or mode
   * @param values the variables of the rules, e.g. {@code kernel_w}, {@code input_channel}; those
   *     that the target gives are added
   * @throws IllegalArgumentException if a rule needs a variable that is not given
   */
  public List<BrokenLimit> broken(String operator, Map<String, Integer> values) {
    if (limits == null) {
      return List.of(
          new BrokenLimit(
              "table28.family",
              "Table 28 has no limits for " + target.type() + ", so nothing is compiled for it",
              Map.of()));
    }
    List<BrokenLimit> broken = new ArrayList<>();
    String[] parts = operator.split("\\.", 2);
    if (parts.length == 2 && !limits.names(parts[0], parts[1])) {
      broken.add(
          new BrokenLimit(
              "table28." + parts[0] + ".type",
              parts[1] + " is not supported by " + target.type(),
              Map.of()));
    }
    // The table has no row of its own for a lone hard-sigmoid.
    if (!operator.equals("hard-sigmoid")) {
      broken.addAll(limits.broken(parts[0], values));
    }
    if (operator.equals("conv2d")) {
      window("conv", target.conv().kernel(), target.conv().stride(), values, broken);
    } else if (ABILITIES.containsKey(operator)) {
      checkEngine(operator, values, broken);
    }
    return broken;
  }

  /** Whether the engine that runs an operator can apply an activation to its result. */
  public boolean fuses(String operator, Nonlinear activation) {
    if (activation == Nonlinear.NONE) {
      return true;
    }
    if (limits == null || !limits.fuses(operator.split("\\.", 2)[0], activation)) {
      return false;
    }
    Ability ability = ABILITIES.get(operator);
    return ability == null
        ? target.conv().nonlinear().contains(activation)
        : target
            .engineFor(ability)
            .map(engine -> engine.nonlinear().contains(activation))
            .orElse(false);
  }

  private void checkEngine(String operator, Map<String, Integer> values, List<BrokenLimit> broken) {
    Optional<Engine> found = target.engineFor(ABILITIES.get(operator));
    if (found.isEmpty()) {
      broken.add(
          new BrokenLimit(
              "target." + operator, "no engine of " + target.name() + " computes it", Map.of()));
      return;
    }
    Engine engine = found.get();
    String id = engine.kind().name().toLowerCase(Locale.ROOT);
    // A transposed one is limited through its quotient by the stride, as Table 28 says.
    if (engine.kernel() != null && values.containsKey("kernel_w") && !operator.contains("transp")) {
      window(id, engine.kernel(), engine.stride(), values, broken);
    }
    if (engine.pad() != null && values.containsKey("pad_left")) {
      Map<String, IntRanges> sides = new LinkedHashMap<>();
      sides.put("pad_left", engine.pad().left());
      sides.put("pad_right", engine.pad().right());
      sides.put("pad_top", engine.pad().top());
      sides.put("pad_bottom", engine.pad().bottom());
      ranges(id, sides, values, broken);
    }
  }

  private static void window(
      String id,
      IntRanges kernel,
      IntRanges stride,
      Map<String, Integer> values,
      List<BrokenLimit> broken) {
    Map<String, IntRanges> allowed = new LinkedHashMap<>();
    allowed.put("kernel_w", kernel);
    allowed.put("kernel_h", kernel);
    allowed.put("stride_w", stride);
    allowed.put("stride_h", stride);
    ranges(id, allowed, values, broken);
  }

  private static void ranges(
      String id,
      Map<String, IntRanges> allowed,
      Map<String, Integer> values,
      List<BrokenLimit> broken) {
    allowed.forEach(
        (name, range) -> {
          int value = values.get(name);
          if (!range.contains(value)) {
            broken.add(
                new BrokenLimit(
                    "target." + id + "." + name,
                    name + " in {" + range + "}",
                    Map.of(name, value)));
          }
        });
  }
}
