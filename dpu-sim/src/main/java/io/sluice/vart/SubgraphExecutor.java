package io.sluice.vart;

import io.sluice.ort.BoundRun;
import io.sluice.ort.TensorBuffers;
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
   * Binds it to memory: it reads the tensors of {@link Stage#inputs} and writes those of {@link
   * Stage#outputs}.
   */
  BoundRun bind(TensorBuffers memory);

  /** The same, with the tensors that cross borders inside. */
  default BoundRun bindTracing(TensorBuffers memory) {
    return bind(memory);
  }

  /** Why an op does not run as fast as it might, by the op's name. */
  default Map<String, String> refused() {
    return Map.of();
  }

  @Override
  void close();
}
