package io.sluice.quantize;

import io.sluice.xir.FixPoint;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The positions of a graph while the rules of the hardware move them: one for each set of points
 * that share one, one for each constant, and the record of what was moved and why.
 */
final class Positions {
  private final QuantizationPlan plan;
  private final Map<Op, Integer> byRoot = new HashMap<>();
  private final Map<Op, Integer> lowest = new HashMap<>();
  private final Map<ConstantUse, Integer> constants = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * A constant as one op reads it. Two ops that read one constant may need it at two positions.
   *
   * @param reader the op that reads it
   * @param arg {@code weights} or {@code bias}
   */
  record ConstantUse(Op reader, String arg) {
    Op constant() {
      return reader.input(arg);
    }
  }

  Positions(QuantizationPlan plan) {
    this.plan = plan;
  }

  /** The position of a point. */
  int get(Op point) {
    return byRoot.get(plan.root(point));
  }

  /** Takes a found position into account: points that share one take the least. */
  void seek(Op point, int position) {
    byRoot.merge(plan.root(point), position, Math::min);
  }

  /** Gives a position to a point that has none yet. */
  void seekIfAbsent(Op point, int position) {
    byRoot.putIfAbsent(plan.root(point), position);
  }

  int constant(Op reader, String arg) {
    return constants.get(new ConstantUse(reader, arg));
  }

  void setConstant(Op reader, String arg, int position) {
    constants.put(new ConstantUse(reader, arg), position);
  }

  /** The positions of all constants. */
  Map<ConstantUse, Integer> constants() {
    return constants;
  }

  /** Sets a position below which {@link #lower} does not go. */
  void floor(Op point, int position) {
    lowest.merge(plan.root(point), position, Math::max);
  }

  /** Moves a point and all that share its position down, no lower than its floor. */
  boolean lower(Op point, int position, String why) {
    int to = Math.max(position, lowest.getOrDefault(plan.root(point), FixPoint.MIN_POSITION));
    return to < get(point) && move(point, to, why);
  }

  /** Moves a point and all that share its position. */
  boolean move(Op point, int position, String why) {
    warn(point, get(point), position, why);
    byRoot.put(plan.root(point), position);
    return true;
  }

  /** Moves a constant. */
  boolean moveConstant(Op reader, String arg, int position, String why) {
    warn(reader.input(arg), constant(reader, arg), position, why);
    setConstant(reader, arg, position);
    return true;
  }

  private void warn(Op op, int from, int to, String why) {
    warnings.add(
        "position of '" + op.output().name() + "' moved from " + from + " to " + to + ": " + why);
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  List<String> warnings() {
    return warnings;
  }
}
