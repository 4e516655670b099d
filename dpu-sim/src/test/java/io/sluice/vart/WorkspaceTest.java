package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.dpu.exact.ExactEngine;
import io.sluice.ort.BoundRun;
import io.sluice.ort.TensorBuffer;
import io.sluice.ort.TensorBuffers;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs over memory that is shared and not copied. */
class WorkspaceTest {
  private final BranchNet net = new BranchNet(Shape.of(1, 5, 4, 8));

  private static byte[] bytes(ByteBuffer memory) {
    byte[] copy = new byte[memory.remaining()];
    memory.duplicate().get(copy);
    return copy;
  }

  @ParameterizedTest
  @EnumSource
  void aRunReadsAndWritesTheCallersMemoryWhereItIs(ExactEngine.Kind kind) {
    int size = net.shape.elements();
    ByteBuffer memory = ByteBuffer.allocateDirect(3 * size);
    ByteBuffer x = memory.slice(size, size);
    ByteBuffer down = memory.slice(2 * size, size);
    try (GraphRunner runner = GraphRunner.create(net.graph, RunnerOptions.standard().with(kind));
        Workspace work = runner.workspace(Map.of("x", x, "down", down))) {
      for (int seed = 0; seed < 5; seed++) {
        TensorData input = net.input(seed);
        x.put(0, input.array());
        work.run();
        TensorData expected = runner.execute(Map.of("x", input)).get("down");
        assertThat(bytes(down)).as("output %d", seed).isEqualTo(expected.array());
        assertThat(bytes(x)).as("input %d", seed).isEqualTo(input.array());
      }
      assertThat(bytes(memory.slice(0, size))).as("memory beside it").containsOnly(0);
      assertThat(work.outputs().get(0).bytes().get(7)).isEqualTo(down.get(7));
    }
  }

  @Test
  void memoryThatTheCallerDoesNotGiveIsTheRunners() {
    try (GraphRunner runner = GraphRunner.create(net.graph, RunnerOptions.standard());
        Workspace work = runner.workspace();
        Workspace other = runner.workspace()) {
      ByteBuffer x = work.inputs().get(0).bytes();
      x.put(0, net.input(1).array());
      other.inputs().get(0).set(net.input(2));
      work.run();
      other.run();
      for (int seed : new int[] {1, 2}) {
        TensorBuffer down = (seed == 1 ? work : other).outputs().get(0);
        assertThat(Map.of("down", down.get()))
            .isEqualTo(runner.execute(Map.of("x", net.input(seed))));
      }
    }
  }

  /** If anything were copied before, a change in between would not be seen. */
  @Test
  void whatOneSubgraphWritesIsTheMemoryThatAllOthersRead() {
    TensorBuffers memory = new TensorBuffers();
    List<Stage> stages = StagePlan.of(net.graph, SubgraphParts.of(net.graph));
    Map<String, SubgraphExecutor.Factory> factories =
        Map.of(Stage.CPU, CpuExecutor::of, Stage.DPU, DpuExecutor::of);
    Map<Stage, SubgraphExecutor> executors = new LinkedHashMap<>();
    Map<Stage, BoundRun> runs = new LinkedHashMap<>();
    for (Stage stage : stages) {
      executors.put(stage, factories.get(stage.device()).create(stage, RunnerOptions.standard()));
      runs.put(stage, executors.get(stage).bind(memory));
    }
    memory.of(net.graph.op("x").output()).set(net.input(3));
    runs.values().forEach(BoundRun::run);
    int shared = 0;
    for (Stage writer : stages) {
      for (Stage reader : stages) {
        if (reader.inputs().stream().anyMatch(writer.outputs()::contains)) {
          TensorBuffer border = memory.of(writer.outputs().get(0).output());
          TensorBuffer result = memory.of(reader.outputs().get(0).output());
          TensorData before = border.get();
          TensorData given = result.get();
          byte[] other = new byte[before.array().length];
          Arrays.fill(other, (byte) 33);
          border.bytes().put(other);
          runs.get(reader).run();
          assertThat(result.get()).as("%s to %s", writer, reader).isNotEqualTo(given);
          border.set(before);
          runs.get(reader).run();
          assertThat(result.get()).isEqualTo(given);
          shared++;
        }
      }
    }
    assertThat(shared).as("borders between two subgraphs").isEqualTo(6);
    runs.values().forEach(BoundRun::close);
    executors.values().forEach(SubgraphExecutor::close);
  }

  @Test
  void bothEnginesGiveTheSameBytesOverBranches() {
    try (GraphRunner fast = GraphRunner.create(net.graph, RunnerOptions.standard());
        GraphRunner reference =
            GraphRunner.create(
                net.graph, RunnerOptions.standard().with(ExactEngine.Kind.REFERENCE))) {
      for (int seed = 0; seed < 5; seed++) {
        Map<String, TensorData> input = Map.of("x", net.input(seed));
        assertThat(fast.trace(input)).isEqualTo(reference.trace(input)).hasSize(6);
      }
    }
  }

  @Test
  void memoryOfAnotherNameOrKindIsRefused() {
    ByteBuffer memory = ByteBuffer.allocateDirect(net.shape.elements());
    GraphRunner runner = GraphRunner.create(net.graph, RunnerOptions.standard());
    assertThatThrownBy(() -> runner.workspace(Map.of("stored", memory)))
        .hasMessageStartingWith("VART_TENSOR_INFO_ERROR: there is no input or output 'stored'");
    assertThatThrownBy(() -> runner.workspace(Map.of("x", memory.slice(0, 7))))
        .hasMessageStartingWith("VART_SIZE_MISMATCH: 7 bytes, not 160");
    try (Workspace work = runner.workspace()) {
      runner.close();
      assertThatThrownBy(work::run)
          .hasMessageStartingWith("VART_GRAPH_ERROR: the runner is closed");
    }
    assertThatThrownBy(runner::workspace)
        .hasMessageStartingWith("VART_GRAPH_ERROR: the runner is closed");
  }
}
