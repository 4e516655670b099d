package io.sluice.dpu.exact;

import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;

/** The borders of a program, which are the same for every engine that runs it. */
abstract class ProgramEngine implements ExactEngine {
  private final FixProgram program;

  ProgramEngine(FixProgram program) {
    this.program = program;
  }

  final FixProgram program() {
    return program;
  }

  @Override
  public final List<Tensor> inputs() {
    return program.inputs();
  }

  @Override
  public final List<Tensor> outputs() {
    return program.outputs();
  }

  @Override
  public final Map<String, TensorData> run(Map<String, TensorData> tensors) {
    program.checkInputs(tensors);
    return compute(tensors);
  }

  /**
   * The outputs of the program from its inputs, by tensor name. May be called by several threads at
   * a time.
   */
  abstract Map<String, TensorData> compute(Map<String, TensorData> inputs);
}
