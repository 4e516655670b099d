package io.sluice.compile;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.List;

/**
 * One fixed-point op that the DPU will run.
 *
 * @param name of the op to make
 * @param type of the op to make, e.g. {@code conv2d-fix}
 * @param attrs without workload and device
 * @param inputs what it reads
 * @param weights constant weights, or null
 * @param bias constant bias, or null
 * @param shape of its output
 * @param position of its output
 */
record Step(
    String name,
    String type,
    Attrs attrs,
    List<Operand> inputs,
    FixedTensor weights,
    FixedTensor bias,
    Shape shape,
    int position) {

  /**
   * A feature map that a step reads: the value of an op of the quantized graph, or, with a null
   * {@code value}, the result of the step before it.
   */
  record Operand(Op value, Shape shape, int position) {}

  Step {
    inputs = List.copyOf(inputs);
  }

  /** This step's result as an operand of the next one. */
  Operand asOperand() {
    return new Operand(null, shape, position);
  }

  /** The feature map of a step that reads one. */
  Operand input() {
    return inputs.get(0);
  }
}
