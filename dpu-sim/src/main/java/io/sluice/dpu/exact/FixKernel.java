package io.sluice.dpu.exact;

import io.sluice.xir.TensorData;
import java.util.List;

/**
 * The definition of one op: its attributes read and checked, and its result in plain loops.
 * Immutable and without state between runs.
 */
interface FixKernel {

  /**
   * @param inputs the tensors of the op's data arguments in order; constants that were read when
   *     the kernel was made (weights, bias) are not among them
   */
  TensorData run(List<TensorData> inputs);
}
