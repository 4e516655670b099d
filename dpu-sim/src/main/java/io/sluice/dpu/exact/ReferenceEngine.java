package io.sluice.dpu.exact;

import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the kernels one after another. */
final class ReferenceEngine implements ExactEngine {
  private final FixProgram program;

  ReferenceEngine(FixProgram program) {
    this.program = program;
  }

  @Override
  public List<Tensor> inputs() {
    return program.inputs();
  }

  @Override
  public List<Tensor> outputs() {
    return program.outputs();
  }

  @Override
  public Map<String, TensorData> run(Map<String, TensorData> tensors) {
    program.checkInputs(tensors);
    Map<String, TensorData> values = new HashMap<>(program.constants());
    program.inputs().forEach(input -> values.put(input.name(), tensors.get(input.name())));
    for (FixProgram.Step step : program.steps()) {
      values.put(
          step.output(), step.kernel().run(step.inputs().stream().map(values::get).toList()));
    }
    Map<String, TensorData> results = new LinkedHashMap<>();
    program.outputs().forEach(output -> results.put(output.name(), values.get(output.name())));
    return results;
  }

  @Override
  public void close() {
    // nothing is held outside the heap
  }
}
