package io.sluice.jobs;

import io.sluice.flink.RunnerSource;
import io.sluice.vart.ModelRef;
import io.sluice.vart.Runner;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Throws an Error, which no stage may swallow, at one run in the middle. */
final class FailsOnce implements RunnerSource {
  private static final long serialVersionUID = 1L;

  /** Of the process, since what counts them is copied and started again. */
  private static final AtomicInteger RUNS = new AtomicInteger();

  private final int failingRun;
  private final RunnerSource source;

  private FailsOnce(int failingRun, RunnerSource source) {
    this.failingRun = failingRun;
    this.source = source;
  }

  /** Begins to count; the run of this number fails. */
  static FailsOnce at(int failingRun, RunnerSource source) {
    RUNS.set(0);
    return new FailsOnce(failingRun, source);
  }

  static int runs() {
    return RUNS.get();
  }

  @Override
  public Held acquire(ModelRef model) {
    Held held = source.acquire(model);
    return new Held() {
      @Override
      public Runner runner() {
        return new Failing(held.runner(), failingRun);
      }

      @Override
      public void close() {
        held.close();
      }
    };
  }

  private record Failing(Runner runner, int failingRun) implements Runner {
    @Override
    public List<Tensor> inputTensors() {
      return runner.inputTensors();
    }

    @Override
    public List<Tensor> outputTensors() {
      return runner.outputTensors();
    }

    @Override
    public long executeAsync(Map<String, TensorData> inputsByTensorName) {
      if (RUNS.incrementAndGet() == failingRun) {
        throw new LinkageError("injected");
      }
      return runner.executeAsync(inputsByTensorName);
    }

    @Override
    public Map<String, TensorData> await(long jobId, Duration timeout) {
      return runner.await(jobId, timeout);
    }

    @Override
    public void close() {
      runner.close();
    }
  }
}
