package io.sluice.dpu.exact;

import io.sluice.ort.BoundRun;
import io.sluice.ort.TensorBuffer;
import io.sluice.ort.TensorBuffers;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the kernels one after another. */
final class ReferenceEngine extends ProgramEngine {

  ReferenceEngine(FixProgram program) {
    super(program);
  }

  @Override
  Map<String, TensorData> compute(Map<String, TensorData> inputs) {
    Map<String, TensorData> values = new HashMap<>(program().constants());
    values.putAll(inputs);
    for (FixProgram.Step step : program().steps()) {
      List<TensorData> arguments = step.inputs().stream().map(values::get).toList();
      values.put(step.output(), step.kernel().run(arguments));
    }
    Map<String, TensorData> results = new LinkedHashMap<>();
    outputs().forEach(output -> results.put(output.name(), values.get(output.name())));
    return results;
  }

  @Override
  public BoundRun bind(TensorBuffers memory) {
    List<TensorBuffer> in = inputs().stream().map(memory::of).toList();
    List<TensorBuffer> out = outputs().stream().map(memory::of).toList();
    return () -> {
      Map<String, TensorData> values = new HashMap<>();
      in.forEach(buffer -> values.put(buffer.tensor().name(), buffer.get()));
      Map<String, TensorData> results = compute(values);
      out.forEach(buffer -> buffer.set(results.get(buffer.tensor().name())));
    };
  }

  @Override
  public void close() {
    // nothing is held outside the heap
  }
}
