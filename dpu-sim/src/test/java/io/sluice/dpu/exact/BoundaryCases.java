package io.sluice.dpu.exact;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Programs whose inputs sit where a wrong float form shows: within two steps of every rounding
 * boundary, all arguments where there are few, and sums that leave 2^24 and come back.
 */
final class BoundaryCases {
  private BoundaryCases() {}

  /** A program of one op with its inputs and what it aims at. */
  record Aimed(String aim, FixProgram program, Map<String, TensorData> inputs) {
    String opType() {
      return program.steps().get(0).op().type();
    }
  }

  /** All of them, one after another. */
  static void each(Consumer<Aimed> consumer) {
    ConvolutionBoundaries.each(consumer);
    PoolBoundaries.each(consumer);
    ElementwiseBoundaries.each(consumer);
    ByteBoundaries.each(consumer);
  }

  static Aimed aimed(String aim, FixGraph g, Map<Op, byte[]> values) {
    Map<String, TensorData> inputs = new HashMap<>();
    values.forEach(
        (op, bytes) -> {
          Shape shape = op.output().shape();
          inputs.put(op.output().name(), TensorData.wrap(DataType.XINT8, shape, bytes));
        });
    return new Aimed(aim, g.program(), inputs);
  }
}
