package io.sluice.vart;

import io.sluice.dpu.exact.ExactEngine;
import io.sluice.dpu.exact.FusedEngine;
import io.sluice.ort.BoundRun;
import io.sluice.ort.TensorBuffers;
import io.sluice.xir.Op;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Executes DPU subgraphs and the CPU subgraphs between them in one engine. What crosses borders
 * inside is not made; a trace has an engine of its own, prepared when the first is asked for.
 */
final class FusedExecutor implements SubgraphExecutor {
  private final List<Stage> stages;
  private final RunnerOptions options;
  private final ExactEngine engine;
  private ExactEngine tracing;

  private FusedExecutor(List<Stage> stages, RunnerOptions options, ExactEngine engine) {
    this.stages = stages;
    this.options = options;
    this.engine = engine;
  }

  /** An executor of a group; none if it is better, or not proved to be right, not to fuse it. */
  static Optional<SubgraphExecutor> of(FusedStages.Group group, RunnerOptions options) {
    if (!group.fusible()
        || options.engine() != ExactEngine.Kind.FAST
        || group.stages().stream().map(Stage::device).distinct().count() < 2) {
      return Optional.empty();
    }
    return engine(group.stages(), options, Set.of())
        .map(engine -> new FusedExecutor(group.stages(), options, engine));
  }

  private static Optional<ExactEngine> engine(
      List<Stage> stages, RunnerOptions options, Set<Op> kept) {
    return FusedEngine.create(
        FusedStages.ops(stages, Stage.DPU),
        FusedStages.ops(stages, Stage.CPU),
        kept,
        options.intraOpThreads());
  }

  @Override
  public BoundRun bind(TensorBuffers memory) {
    return engine.bind(memory);
  }

  @Override
  public BoundRun bindTracing(TensorBuffers memory) {
    return tracing().bind(memory);
  }

  private synchronized ExactEngine tracing() {
    if (tracing == null) {
      tracing = engine(stages, options, FusedStages.outputs(stages)).orElseThrow();
    }
    return tracing;
  }

  @Override
  public synchronized void close() {
    engine.close();
    if (tracing != null) {
      tracing.close();
    }
  }
}
