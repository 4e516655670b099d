package io.sluice.target;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A limit as the guide prints it, e.g. {@code ceil(kernel_h / bank_num) * kernel_w <= bank_depth}:
 * comparisons, possibly chained, of arithmetic over named variables; division is real division.
 * Parsed once, then evaluated against the values of an op.
 */
final class Rule {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*([A-Za-z_]\\w*|\\d+|<=|>=|==|<|>|[-+*/(),{}])");

  /** Evaluates to a number, given the variables. */
  private interface Term extends Function<Map<String, Integer>, Double> {}

  private record Comparison(Term left, String operator, List<Term> right) {
    boolean holds(Map<String, Integer> values) {
      double a = left.apply(values);
      return right.stream()
          .anyMatch(
              r -> {
                double b = r.apply(values);
                return switch (operator) {
                  case "<=" -> a <= b;
                  case "<" -> a < b;
                  case ">=" -> a >= b;
                  case ">" -> a > b;
                  default -> a == b;
                };
              });
    }
  }

  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private final List<Comparison> comparisons = new ArrayList<>();
  private final List<String> variables = new ArrayList<>();
  private int next;

  private Rule(String text) {
    this.text = text;
    Matcher m = TOKEN.matcher(text);
    int at = 0;
    while (m.find() && m.start() == at) {
      tokens.add(m.group(1));
      at = m.end();
    }
    if (at != text.stripTrailing().length()) {
      throw bad();
    }
    Term left = sum();
    do {
      String operator = take();
      List<Term> right = operator.equals("in") ? set() : List.of(sum());
      if (!List.of("<=", "<", ">=", ">", "==", "in").contains(operator)) {
        throw bad();
      }
      comparisons.add(new Comparison(left, operator, right));
      left = right.get(0);
    } while (next < tokens.size());
  }

  /**
   * @throws IllegalArgumentException if the text is no rule
   */
  static Rule parse(String text) {
    return new Rule(text);
  }

  /** Whether all comparisons hold. */
  boolean holds(Map<String, Integer> values) {
    return comparisons.stream().allMatch(c -> c.holds(values));
  }

  /** The variables that the rule speaks of, with their values. */
  Map<String, Integer> used(Map<String, Integer> values) {
    Map<String, Integer> used = new LinkedHashMap<>();
    variables.forEach(v -> used.put(v, value(v, values)));
    return used;
  }

  private int value(String variable, Map<String, Integer> values) {
    Integer value = values.get(variable);
    if (value == null) {
      throw new IllegalArgumentException(
          "rule '" + text + "' needs '" + variable + "', which is not among " + values.keySet());
    }
    return value;
  }

  private List<Term> set() {
    List<Term> members = new ArrayList<>();
    expect("{");
    do {
      members.add(sum());
    } while (take().equals(","));
    next--;
    expect("}");
    return members;
  }

  private Term sum() {
    Term left = product();
    while (peek("+") || peek("-")) {
      BinaryOperator<Double> f = take().equals("+") ? Double::sum : (a, b) -> a - b;
      left = combine(left, product(), f);
    }
    return left;
  }

  private Term product() {
    Term left = factor();
    while (peek("*") || peek("/")) {
      BinaryOperator<Double> f = take().equals("*") ? (a, b) -> a * b : (a, b) -> a / b;
      left = combine(left, factor(), f);
    }
    return left;
  }

  private static Term combine(Term a, Term b, BinaryOperator<Double> f) {
    return values -> f.apply(a.apply(values), b.apply(values));
  }

  private Term factor() {
    String token = take();
    if (token.equals("(")) {
      Term inner = sum();
      expect(")");
      return inner;
    }
    if (Character.isDigit(token.charAt(0))) {
      double number = Double.parseDouble(token);
      return values -> number;
    }
    if (!Character.isLetter(token.charAt(0))) {
      throw bad();
    }
    if (!peek("(")) {
      if (!variables.contains(token)) {
        variables.add(token);
      }
      return values -> (double) value(token, values);
    }
    expect("(");
    Term first = sum();
    Term result;
    switch (token) {
      case "ceil" -> result = values -> Math.ceil(first.apply(values));
      case "min" -> {
        expect(",");
        result = combine(first, sum(), Math::min);
      }
      default -> throw bad();
    }
    expect(")");
    return result;
  }

  private boolean peek(String token) {
    return next < tokens.size() && tokens.get(next).equals(token);
  }

  private String take() {
    if (next >= tokens.size()) {
      throw bad();
    }
    return tokens.get(next++);
  }

  private void expect(String token) {
    if (!take().equals(token)) {
      throw bad();
    }
  }

  private IllegalArgumentException bad() {
    return new IllegalArgumentException("not a rule: '" + text + "' at token " + next);
  }

  @Override
  public String toString() {
    return text;
  }
}
