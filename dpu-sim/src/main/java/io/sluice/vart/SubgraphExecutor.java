package io.sluice.vart;

import io.sluice.xir.TensorData;
import java.util.Map;

/**
 * Executes one subgraph, or several as one. Thread-safe; {@link #close} is called once, when no run
 * is under way.
 */
interface SubgraphExecutor extends AutoCloseable {
  /** Prepares a stage for the runs to come: the way by which a device joins. */
  @FunctionalInterface
  interface Factory {
    SubgraphExecutor create(Stage stage, RunnerOptions options);
  }

  /**
   * @param inputs at least the values of {@link Stage#inputs}, by tensor name, already checked
   * @return the values of {@link Stage#outputs}, by tensor name
   */
  Map<String, TensorData> run(Map<String, TensorData> inputs);

  /** The same, with the tensors that cross borders inside. */
  default Map<String, TensorData> trace(Map<String, TensorData> inputs) {
    return run(inputs);
  }

  /** Why an op does not run as fast as it might, by the op's name. */
  default Map<String, String> refused() {
    return Map.of();
  }

  @Override
  void close();
}
