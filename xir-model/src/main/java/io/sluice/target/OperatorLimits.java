package io.sluice.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The limits of the guide's Table 28 for one target: which operators it runs, within which sizes,
 * with which activations. Operators bear the names of the table ({@code max-pooling}). Immutable.
 *
 * <p>Where the table and its context leave a question open: a lower bound of 1 for the padding of
 * some targets is read as 0; LeakyReLU that is marked as not enabled by default is allowed here,
 * and the description of the target says whether it is enabled.
 */
final class OperatorLimits {
  private final DpuTarget target;
  private final Map<String, Limits> byOperator;

  private record Limits(
      Map<String, Rule> rules, Set<Nonlinear> activations, Set<String> types, Set<String> modes) {}

  private OperatorLimits(DpuTarget target, Map<String, Limits> byOperator) {
    this.target = target;
    this.byOperator = byOperator;
  }

  /** The limits of the target's column of the table; the target must have one. */
  static OperatorLimits of(DpuTarget target) {
    Map<String, Limits> limits = new HashMap<>();
    try (InputStream in = OperatorLimits.class.getResourceAsStream("operator-limits.json")) {
      JsonNode operators = new ObjectMapper().readTree(in).get("operators");
      operators
          .properties()
          .forEach(
              operator -> {
                for (JsonNode group : operator.getValue()) {
                  if (strings(group.get("columns")).contains(target.table().column())) {
                    limits.put(operator.getKey(), limits(group.get("limits")));
                  }
                }
              });
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.TARGET_FACTORY_PARSE_TARGET_FAIL,
          e.getMessage(),
          "operator-limits.json",
          "repair the installation",
          e);
    }
    return new OperatorLimits(target, limits);
  }

  private static Limits limits(JsonNode node) {
    Map<String, Rule> rules = new LinkedHashMap<>();
    node.get("rules")
        .properties()
        .forEach(e -> rules.put(e.getKey(), Rule.parse(e.getValue().asText())));
    Set<Nonlinear> activations = EnumSet.of(Nonlinear.NONE);
    strings(node.path("activations")).forEach(a -> activations.add(Nonlinear.valueOf(a)));
    return new Limits(rules, activations, strings(node.path("types")), strings(node.path("modes")));
  }

  private static Set<String> strings(JsonNode array) {
    Set<String> strings = new LinkedHashSet<>();
    array.forEach(e -> strings.add(e.asText()));
    return strings;
  }

  /**
   * The limits of the table that an operator breaks, in the table's order.
   *
   * @param operator its name in the table
   * @param values the variables of the rules, e.g. {@code kernel_w}; those of the target are added
   * @throws IllegalArgumentException if a rule needs a variable that is not given
   */
  List<BrokenLimit> broken(String operator, Map<String, Integer> values) {
    Limits limits = byOperator.get(operator);
    if (limits == null) {
      return List.of(
          new BrokenLimit(
              id(operator, "supported"),
              operator + " is not supported by " + target.type(),
              Map.of()));
    }
    Map<String, Integer> all = new HashMap<>(values);
    all.put("channel_parallel", target.conv().inputChannelParallel());
    all.put("bank_depth", target.table().bankDepth());
    all.put("bank_num", target.table().bankNum());
    return limits.rules.entrySet().stream()
        .filter(e -> !e.getValue().holds(all))
        .map(
            e ->
                new BrokenLimit(
                    id(operator, e.getKey()), e.getValue().toString(), e.getValue().used(all)))
        .toList();
  }

  /** Whether the table lets an operator apply an activation to its result. */
  boolean fuses(String operator, Nonlinear activation) {
    Limits limits = byOperator.get(operator);
    return limits != null && limits.activations.contains(activation);
  }

  /** Whether the table names a type ({@code SUM}, {@code PROD}) or mode of an operator. */
  boolean names(String operator, String typeOrMode) {
    Limits limits = byOperator.get(operator);
    return limits != null
        && (limits.types.contains(typeOrMode) || limits.modes.contains(typeOrMode));
  }

  private static String id(String operator, String rule) {
    return "table28." + operator + "." + rule;
  }
}
