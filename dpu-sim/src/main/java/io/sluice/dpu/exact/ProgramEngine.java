package io.sluice.dpu.exact;

import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
    Map<String, TensorData> values = new HashMap<>(program.constants());
    program.inputs().forEach(input -> values.put(input.name(), tensors.get(input.name())));
    compute(values);
    Map<String, TensorData> results = new LinkedHashMap<>();
    program.outputs().forEach(output -> results.put(output.name(), values.get(output.name())));
    return results;
  }

  /**
   * Adds to the constants and inputs, by tensor name, at least the outputs of the program. May be
   * called by several threads at a time.
   */
  abstract void compute(Map<String, TensorData> values);

  /** Runs one op by its definition. */
  static void interpret(FixProgram.Step step, Map<String, TensorData> values) {
    values.put(step.output(), step.kernel().run(step.inputs().stream().map(values::get).toList()));
  }
}
