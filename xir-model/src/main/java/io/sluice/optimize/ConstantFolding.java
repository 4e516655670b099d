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
  /**
   * What is larger is made only in exchange for a constant of that size that nothing else reads: by
   * broadcasting, or from a constant that is read again and again, few ops could fill the memory.
   */
  static final int FREE_ELEMENTS = 1 << 14;

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    List<Op> in = op.allInputs();
    if (in.isEmpty()
        || outputs.contains(op)
        || !in.stream().allMatch(Match::isConst)
        || !isPaidFor(op.output().shape().elements(), in)
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

  private static boolean isPaidFor(int elements, List<Op> constants) {
    return elements <= FREE_ELEMENTS
        || constants.stream()
            .anyMatch(c -> c.fanOut().size() == 1 && c.output().shape().elements() >= elements);
  }
}
