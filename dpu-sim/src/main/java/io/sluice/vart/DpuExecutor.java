package io.sluice.vart;

import io.sluice.dpu.exact.ExactEngine;
import io.sluice.ort.BoundRun;
import io.sluice.ort.TensorBuffers;
import java.util.Map;

/** Executes a subgraph as the DPU does, to the byte. */
final class DpuExecutor implements SubgraphExecutor {
  private final ExactEngine engine;

  private DpuExecutor(ExactEngine engine) {
    this.engine = engine;
  }

  /**
   * Prepares a stage on the engine that the options name.
   *
   * @throws io.sluice.error.SluiceException as {@link ExactEngine#create} does for what no DPU runs
   */
  static DpuExecutor of(Stage stage, RunnerOptions options) {
    return new DpuExecutor(
        ExactEngine.create(options.engine(), stage.ops(), options.intraOpThreads()));
  }

  @Override
  public BoundRun bind(TensorBuffers memory) {
    return engine.bind(memory);
  }

  @Override
  public Map<String, String> refused() {
    return engine.refused();
  }

  @Override
  public void close() {
    engine.close();
  }
}
