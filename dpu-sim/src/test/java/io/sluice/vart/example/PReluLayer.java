package io.sluice.vart.example;

import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import io.sluice.xir.custom.OpImplementation;
import java.util.List;

/** The PReLU layer of the guide's custom-op example, with a slope for every position. */
public final class PReluLayer implements OpImplementation {
  @Override
  public String type() {
    return ExampleOps.PRELU;
  }

  @Override
  public TensorData calculate(Op op, List<TensorData> inputs) {
    float[] values = inputs.get(0).toFloats();
    float[] alpha = inputs.get(1).toFloats();
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0) {
        values[i] *= alpha[i % alpha.length];
      }
    }
    return TensorData.ofFloats(op.output().shape(), values);
  }
}
