package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Subgraph;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubgraphPartsTest {
  private final Graph graph = TestGraphs.sum();

  private List<Op> ops(String... names) {
    return Arrays.stream(names).map(graph::op).toList();
  }

  /** Gives the root three children, on these devices; null for none. */
  private void partition(String... devices) {
    graph.root().createChildren(List.of(ops("x", "y"), ops("inner", "relu"), ops("sum")));
    List<Subgraph> children = graph.root().children();
    for (int i = 0; i < devices.length; i++) {
      if (devices[i] != null) {
        children.get(i).setAttrs(Attrs.EMPTY.with("device", devices[i]));
      }
    }
  }

  @Test
  void aGraphWithoutDevicesIsOneCpuPart() {
    assertThat(SubgraphParts.of(graph))
        .singleElement()
        .satisfies(
            part -> {
              assertThat(part.device()).isEqualTo("CPU");
              assertThat(part.ops()).containsExactlyInAnyOrderElementsOf(graph.ops());
            });
    partition(null, null, null);
    assertThat(SubgraphParts.of(graph)).hasSize(1);
  }

  @Test
  void eachChildOfTheRootIsAPartOnItsDevice() {
    partition("USER", "DPU", "CPU");
    assertThat(SubgraphParts.of(graph))
        .extracting(StagePlan.Part::device)
        .containsExactly("USER", "DPU", "CPU");
    assertThat(SubgraphParts.of(graph).get(1).ops())
        .containsExactlyInAnyOrderElementsOf(ops("inner", "relu"));
  }

  @Test
  void aPartitionedGraphRuns() {
    partition("USER", "CPU", "CPU");
    Map<String, TensorData> inputs =
        Map.of("x", TestGraphs.constant(4), "y", TestGraphs.constant(-1));
    try (Runner runner = GraphRunner.create(graph, RunnerOptions.standard())) {
      assertThat(runner.execute(inputs)).isEqualTo(Map.of("sum", TestGraphs.constant(7)));
    }
  }

  @Test
  void aDeviceThatNothingExecutesIsRefused() {
    partition("USER", "IP", "CPU");
    assertThatThrownBy(() -> GraphRunner.create(graph, RunnerOptions.standard()))
        .hasMessageStartingWith("VART_RUNNER_CONSTRUCTION_FAIL: no executor for device 'IP'");
  }

  @Test
  void aDpuSubgraphOfFloatOpsIsRefused() {
    partition("USER", "DPU", "CPU");
    assertThatThrownBy(() -> GraphRunner.create(graph, RunnerOptions.standard()))
        .hasMessageStartingWith("VART_FUNC_NOT_SUPPORT: no DPU runs add; at op 'inner'");
  }

  @Test
  void aChildWithoutADeviceBesideOthersIsRefused() {
    partition("USER", null, "CPU");
    assertThatThrownBy(() -> SubgraphParts.of(graph))
        .hasMessageStartingWith("VART_GRAPH_ERROR: subgraph '")
        .hasMessageContaining("has no attribute 'device'");
  }
}
