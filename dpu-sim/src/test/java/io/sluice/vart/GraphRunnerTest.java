package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.SluiceException;
import io.sluice.ort.BoundRun;
import io.sluice.ort.TensorBuffers;
import io.sluice.xir.Graph;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GraphRunnerTest {
  private static final RunnerOptions OPTIONS = new RunnerOptions(1, 1, 4);
  private static final Map<String, TensorData> INPUTS =
      Map.of("x", TestGraphs.constant(2), "y", TestGraphs.constant(-5));

  private final Graph graph = TestGraphs.sum();

  private GraphRunner plain() {
    return GraphRunner.create(graph, OPTIONS, Map.of("CPU", TestGraphs::interpreter));
  }

  /** An executor whose runs wait until the gate opens. */
  private static final class Gated implements SubgraphExecutor {
    private final SubgraphExecutor inner;
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();

    Gated(Graph graph) {
      inner = TestGraphs.interpreter(StagePlan.of(graph, SubgraphParts.of(graph)).get(0), OPTIONS);
    }

    @Override
    public BoundRun bind(TensorBuffers memory) {
      BoundRun bound = inner.bind(memory);
      return () -> pass(bound);
    }

    private void pass(BoundRun bound) {
      runs.incrementAndGet();
      running.incrementAndGet();
      entered.countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new AssertionError("a job must not be interrupted", e);
      }
      running.decrementAndGet();
      bound.run();
    }

    @Override
    public void close() {
      assertThat(running).hasValue(0);
      closes.incrementAndGet();
    }
  }

  @Test
  void tensorsAreListedByName() {
    try (GraphRunner runner = plain()) {
      assertThat(runner.inputTensors()).extracting(Tensor::name).containsExactly("x", "y");
      assertThat(runner.outputTensors()).extracting(Tensor::name).containsExactly("sum");
    }
  }

  @Test
  void everyPartitionOfAGraphGivesTheSameResult() {
    List<List<StagePlan.Part>> partitions =
        List.of(
            SubgraphParts.of(graph),
            List.of(
                TestGraphs.part(graph, "u", "USER", "x", "y"),
                TestGraphs.part(graph, "a", "CPU", "inner", "relu", "sum")),
            List.of(
                TestGraphs.part(graph, "c", "CPU", "sum"),
                TestGraphs.part(graph, "b", "DPU", "relu"),
                TestGraphs.part(graph, "a", "CPU", "inner")));
    Map<String, TensorData> inputs =
        Map.of(
            "x", TestGraphs.floats(1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6),
            "y", TestGraphs.floats(0, 1, 2, -9, -9, -9, 3, 3, 3, 3, 3, 3));
    List<SubgraphExecutor.Factory> makers = List.of(TestGraphs::interpreter, CpuExecutor::of);
    for (List<StagePlan.Part> parts : partitions) {
      for (SubgraphExecutor.Factory maker : makers) {
        try (GraphRunner runner =
            GraphRunner.create(
                graph,
                StagePlan.of(graph, parts),
                OPTIONS,
                Map.of("CPU", maker, "DPU", TestGraphs::interpreter))) {
          assertThat(runner.execute(inputs))
              .isEqualTo(Map.of("sum", TestGraphs.floats(2, 5, 8, 4, 5, 6, 1, -1, -3, -4, -5, -6)));
        }
      }
    }
  }

  @Test
  void aGraphThatWasNotPartitionedRunsOnTheCpu() {
    try (GraphRunner runner = GraphRunner.create(graph, RunnerOptions.standard())) {
      assertThat(runner.execute(INPUTS)).isEqualTo(Map.of("sum", TestGraphs.constant(2)));
    }
  }

  @Test
  void aDeviceWithoutAnExecutorIsRefusedByName() {
    List<Stage> stages =
        StagePlan.of(graph, List.of(TestGraphs.part(graph, "k0", "DPU", "inner", "relu", "sum")));
    assertThatThrownBy(
            () ->
                GraphRunner.create(graph, stages, OPTIONS, Map.of("CPU", TestGraphs::interpreter)))
        .isInstanceOf(SluiceException.class)
        .hasMessageStartingWith(
            "VART_RUNNER_CONSTRUCTION_FAIL: no executor for device 'DPU', only for [CPU]")
        .hasMessageContaining("'k0'");
  }

  @Test
  void executorsAreClosedWhenALaterOneCannotBeMade() {
    Gated first = new Gated(graph);
    List<Stage> stages =
        StagePlan.of(
            graph,
            List.of(
                TestGraphs.part(graph, "a", "CPU", "inner"),
                TestGraphs.part(graph, "b", "DPU", "relu", "sum")));
    assertThatThrownBy(
            () ->
                GraphRunner.create(
                    graph,
                    stages,
                    OPTIONS,
                    Map.of(
                        "CPU",
                        (stage, options) -> first,
                        "DPU",
                        (stage, options) -> {
                          throw new IllegalStateException("no card");
                        })))
        .hasMessage("no card");
    assertThat(first.closes).hasValue(1);
  }

  @Test
  void aJobIsAwaitedOnce() {
    try (GraphRunner runner = plain()) {
      long first = runner.executeAsync(INPUTS);
      long second = runner.executeAsync(INPUTS);
      assertThat(second).isEqualTo(first + 1);
      assertThat(runner.await(second, Runner.FOREVER))
          .containsExactly(Map.entry("sum", TestGraphs.constant(2)));
      assertThat(runner.await(first, Duration.ofSeconds(10))).containsKey("sum");
      for (long id : new long[] {first, second, second + 1, -1}) {
        assertThatThrownBy(() -> runner.await(id, Duration.ZERO))
            .hasMessageStartingWith(
                "VART_OUT_OF_RANGE: job " + id + " is unknown or was awaited already");
      }
    }
  }

  @Test
  void aJobThatTimedOutCanBeAwaitedAgain() {
    Gated gated = new Gated(graph);
    try (GraphRunner runner = gatedRunner(gated)) {
      long id = runner.executeAsync(INPUTS);
      assertThatThrownBy(() -> runner.await(id, Duration.ofMillis(20)))
          .hasMessageStartingWith("VART_DPU_TIMEOUT_ERROR: job 0 is not done after 20 ms");
      gated.gate.countDown();
      assertThat(runner.await(id, Runner.FOREVER)).containsKey("sum");
    }
  }

  private GraphRunner gatedRunner(Gated gated) {
    return GraphRunner.create(graph, OPTIONS, Map.of("CPU", (stage, options) -> gated));
  }

  @Test
  void inputsAreCheckedByNameTypeAndShape() {
    TensorData good = TestGraphs.constant(0);
    try (GraphRunner runner = plain()) {
      assertThatThrownBy(() -> runner.execute(Map.of("x", good)))
          .hasMessageStartingWith("VART_TENSOR_INFO_ERROR: input 'y' is missing, given: [x]");
      assertThatThrownBy(() -> runner.execute(Map.of("x", good, "y", good, "z", good)))
          .hasMessageStartingWith("VART_TENSOR_INFO_ERROR: there is no input [z]");
      TensorData ints = TensorData.ofInts(TestGraphs.SHAPE, new int[12]);
      assertThatThrownBy(() -> runner.executeAsync(Map.of("x", good, "y", ints)))
          .hasMessageStartingWith("VART_TENSOR_INFO_ERROR: input 'y' is INT32, not FLOAT32");
      TensorData flat = good.reshape(Shape.of(12));
      assertThatThrownBy(() -> runner.executeAsync(Map.of("x", flat, "y", good)))
          .hasMessageStartingWith("VART_SIZE_MISMATCH: input 'x' has shape [12], not [1, 2, 2, 3]");
    }
  }

  @Test
  void tooManyJobsThatNobodyAwaitsAreRefused() {
    try (GraphRunner runner = plain()) {
      for (int i = 0; i < OPTIONS.maxPendingJobs(); i++) {
        runner.executeAsync(INPUTS);
      }
      assertThatThrownBy(() -> runner.executeAsync(INPUTS))
          .hasMessageStartingWith("VART_DEVICE_BUSY: 4 jobs were submitted and not awaited");
      runner.await(0, Runner.FOREVER);
      assertThat(runner.executeAsync(INPUTS)).isEqualTo(4);
      assertThat(runner.execute(INPUTS)).containsKey("sum");
    }
  }

  @Test
  void aFailureInAJobReachesWhoeverAwaitsItOnce() {
    SubgraphExecutor failing =
        new SubgraphExecutor() {
          @Override
          public BoundRun bind(TensorBuffers memory) {
            return () -> {
              throw new IllegalStateException("broken");
            };
          }

          @Override
          public void close() {}
        };
    try (GraphRunner runner =
        GraphRunner.create(graph, OPTIONS, Map.of("CPU", (stage, options) -> failing))) {
      long id = runner.executeAsync(INPUTS);
      assertThatThrownBy(() -> runner.await(id, Runner.FOREVER))
          .hasMessageStartingWith("VART_GRAPH_ERROR: job 0 failed: ")
          .hasMessageContaining("broken")
          .hasRootCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> runner.await(id, Runner.FOREVER))
          .hasMessageStartingWith("VART_OUT_OF_RANGE");
      assertThatThrownBy(() -> runner.execute(INPUTS)).hasMessageContaining("broken");
    }
  }

  @Test
  void closingWaitsForTheJobThatRunsAndDropsTheOthers() throws Exception {
    Gated gated = new Gated(graph);
    GraphRunner runner = gatedRunner(gated);
    long running = runner.executeAsync(INPUTS);
    long queued = runner.executeAsync(INPUTS);
    gated.entered.await();
    ExecutorService closer = Executors.newSingleThreadExecutor();
    try {
      Future<?> closing = closer.submit(runner::close);
      assertThatThrownBy(() -> runner.await(queued, Runner.FOREVER))
          .hasMessageStartingWith("VART_GRAPH_ERROR: job 1 was dropped: the runner is closed");
      assertThat(closing).isNotDone();
      assertThat(gated.closes).hasValue(0);
      gated.gate.countDown();
      closing.get(10, TimeUnit.SECONDS);
    } finally {
      closer.shutdownNow();
    }
    assertThat(runner.await(running, Runner.FOREVER)).containsKey("sum");
    assertThat(gated.runs).hasValue(1);
    runner.close();
    assertThat(gated.closes).hasValue(1);
    assertThatThrownBy(() -> runner.executeAsync(INPUTS))
        .hasMessageStartingWith("VART_GRAPH_ERROR: the runner is closed");
    assertThatThrownBy(() -> runner.execute(INPUTS))
        .hasMessageStartingWith("VART_GRAPH_ERROR: the runner is closed");
  }

  @Test
  void manyThreadsGetTheirOwnResults() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (GraphRunner runner =
        GraphRunner.create(
            graph, new RunnerOptions(1, 3, 64), Map.of("CPU", TestGraphs::interpreter))) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int seed = t;
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    float x = seed * 1000 + i;
                    Map<String, TensorData> in =
                        Map.of("x", TestGraphs.constant(x), "y", TestGraphs.constant(1));
                    Map<String, TensorData> out =
                        i % 2 == 0
                            ? runner.execute(in)
                            : runner.await(runner.executeAsync(in), Runner.FOREVER);
                    assertThat(out.get("sum")).isEqualTo(TestGraphs.constant(2 * x + 1));
                  }
                }));
      }
      for (Future<?> f : all) {
        f.get(20, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
