package io.sluice.vart;

import io.sluice.ort.BoundRun;
import io.sluice.ort.TensorBuffer;
import io.sluice.ort.TensorBuffers;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An executor that computes on values: they are copied out of the memory and into it. */
abstract class ValueExecutor implements SubgraphExecutor {
  private final Stage stage;

  ValueExecutor(Stage stage) {
    this.stage = stage;
  }

  /**
   * @param inputs the values of {@link Stage#inputs}, by tensor name
   * @return the values of {@link Stage#outputs}, by tensor name
   */
  abstract Map<String, TensorData> run(Map<String, TensorData> inputs);

  final Stage stage() {
    return stage;
  }

  @Override
  public final BoundRun bind(TensorBuffers memory) {
    List<TensorBuffer> in = stage.inputs().stream().map(op -> memory.of(op.output())).toList();
    List<TensorBuffer> out = stage.outputs().stream().map(op -> memory.of(op.output())).toList();
    return () -> {
      Map<String, TensorData> values = new HashMap<>();
      in.forEach(buffer -> values.put(buffer.tensor().name(), buffer.get()));
      Map<String, TensorData> results = run(values);
      out.forEach(buffer -> buffer.set(results.get(buffer.tensor().name())));
    };
  }
}
