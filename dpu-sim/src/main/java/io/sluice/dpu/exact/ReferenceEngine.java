package io.sluice.dpu.exact;

import io.sluice.xir.TensorData;
import java.util.Map;

/** Runs the kernels one after another. */
final class ReferenceEngine extends ProgramEngine {

  ReferenceEngine(FixProgram program) {
    super(program);
  }

  @Override
  void compute(Map<String, TensorData> values) {
    program().steps().forEach(step -> interpret(step, values));
  }

  @Override
  public void close() {
    // nothing is held outside the heap
  }
}
