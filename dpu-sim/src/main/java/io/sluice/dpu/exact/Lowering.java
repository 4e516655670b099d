package io.sluice.dpu.exact;

import java.util.List;

/** How one kind of kernel is done in float, if it can be proved equal. */
interface Lowering<K extends FixKernel> {

  /** Why the float form is not proved for inputs of these ranges; null if it is. */
  String refusal(K kernel, List<ValueRange> inputs);

  /** Adds the nodes; called only when there is no refusal. */
  FloatGraph.Value lower(
      K kernel, List<FloatGraph.Value> inputs, List<ValueRange> ranges, FloatGraph g);

  /** What the result can be, whichever engine computes it. */
  ValueRange range(K kernel, List<ValueRange> inputs);
}
