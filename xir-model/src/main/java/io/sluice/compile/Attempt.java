package io.sluice.compile;

import io.sluice.target.BrokenLimit;
import io.sluice.xir.Op;
import java.util.List;
import java.util.Map;

/**
 * What came of lowering an op to the DPU: steps, or why not.
 *
 * @param steps in order; the last one gives the value of {@code result}; empty if refused
 * @param covers the ops of the quantized graph that the steps stand for, the lowered one first
 * @param result the last op covered
 * @param refusal null if lowered
 */
record Attempt(List<Step> steps, List<Op> covers, Op result, BrokenLimit refusal) {
  Attempt {
    steps = List.copyOf(steps);
    covers = List.copyOf(covers);
  }

  static Attempt of(List<Step> steps, List<Op> covers) {
    return new Attempt(steps, covers, covers.get(covers.size() - 1), null);
  }

  static Attempt refused(Op op, BrokenLimit why) {
    return new Attempt(List.of(), List.of(op), op, why);
  }

  static Attempt refused(Op op, String rule, String reason) {
    return refused(op, new BrokenLimit(rule, reason, Map.of()));
  }

  boolean lowered() {
    return refusal == null;
  }
}
