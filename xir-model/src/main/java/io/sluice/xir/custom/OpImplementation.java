package io.sluice.xir.custom;

import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.util.List;

/**
 * What a custom op computes. A user writes a class of this interface with a public constructor
 * without arguments, names it in {@code META-INF/services/io.sluice.xir.custom.OpImplementation}
 * and puts the jar on the class path; calibration and CPU subgraphs then run ops of its type by it,
 * and what lies before and after in ONNX Runtime. The type itself is defined by {@link
 * io.sluice.xir.CustomOpDefinitions}, or by the model alone. An op that ONNX Runtime can run is
 * never given to an implementation.
 */
public interface OpImplementation {
  /** The op type that this computes. */
  String type();

  /**
   * Computes the op once. Several threads may call at a time.
   *
   * @param op the op, for its attributes and for the type and shape of its output
   * @param inputs the values of its inputs, argument by argument in the order of the definition;
   *     not to be changed
   * @return values of the type and shape of {@code op.output()}
   */
  TensorData calculate(Op op, List<TensorData> inputs);
}
