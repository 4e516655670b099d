package io.sluice.optimize;

import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Set;

/**
 * Computes what depends on constants alone: arithmetic value by value with broadcasting, and ops
 * that move or reshape values. An importer folds the constants of its format; these are what passes
 * and other tools leave. An output of the graph stays an op, as a constant is none.
 */
final class ConstantFolding implements Pass {
  /** Nothing larger is made: broadcasting can make much of little. */
  static final int MAX_ELEMENTS = 1 << 24;

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    List<Op> in = op.allInputs();
    if (in.isEmpty()
        || outputs.contains(op)
        || !in.stream().allMatch(Match::isConst)
        || op.output().shape().elements() > MAX_ELEMENTS
        || !ConstantArithmetic.knows(op)) {
      return null;
    }
    return new Rewrite.Replacement(
        List.of(),
        r -> {
          List<TensorData> values = in.stream().map(Op::constData).toList();
          TensorData folded = ConstantArithmetic.evaluate(op, values);
          return r.target().addConst(op.name(), folded);
        });
  }
}
