package io.sluice.flink.dpu;

import io.sluice.flink.FakeRunner;
import io.sluice.flink.RunnerSource;
import io.sluice.vart.ModelRef;
import io.sluice.vart.Runner;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;

/** A network that doubles its one number and fails on negative ones. */
record Doubling() implements RunnerSource {
  @Override
  public Held acquire(ModelRef model) {
    Tensor tensor = new Tensor("x", DataType.FLOAT32, Shape.of(1));
    Runner runner =
        new FakeRunner(
            tensor,
            tensor,
            in -> {
              if (in.getFloat(0) < 0) {
                throw new IllegalArgumentException("negative");
              }
              return TensorData.ofFloats(Shape.of(1), 2 * in.getFloat(0));
            });
    return new Held() {
      @Override
      public Runner runner() {
        return runner;
      }

      @Override
      public void close() {}
    };
  }
}
