package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.List;
import org.junit.jupiter.api.Test;

class StagePlanTest {
  private final Graph graph = TestGraphs.sum();

  private static List<String> names(List<Op> ops) {
    return ops.stream().map(Op::name).toList();
  }

  @Test
  void stagesRunAfterThoseThatTheyReadHoweverTheyAreListed() {
    List<Stage> stages =
        StagePlan.of(
            graph,
            List.of(
                TestGraphs.part(graph, "last", "CPU", "sum"),
                TestGraphs.part(graph, "middle", "DPU", "relu"),
                TestGraphs.part(graph, "first", "CPU", "inner"),
                TestGraphs.part(graph, "given", "USER", "x", "y")));
    assertThat(stages).extracting(Stage::name).containsExactly("first", "middle", "last");
    assertThat(stages).extracting(Stage::device).containsExactly("CPU", "DPU", "CPU");
  }

  @Test
  void tensorsThatCrossABorderAreOutputsOnOneSideAndInputsOnTheOther() {
    List<Stage> stages =
        StagePlan.of(
            graph,
            List.of(
                TestGraphs.part(graph, "a", "CPU", "x", "y", "inner", "relu"),
                TestGraphs.part(graph, "b", "CPU", "sum")));
    assertThat(names(stages.get(0).inputs())).containsExactly("x", "y");
    assertThat(names(stages.get(0).outputs())).containsExactly("relu");
    assertThat(names(stages.get(1).inputs())).containsExactly("relu", "x");
    assertThat(names(stages.get(1).outputs())).containsExactly("sum");
  }

  @Test
  void constantsNeverCrossABorder() {
    Op bias = graph.addConst("bias", TestGraphs.constant(1));
    graph.add("shifted", "add", Attrs.EMPTY, graph.op("sum"), bias);
    List<Stage> stages =
        StagePlan.of(
            graph,
            List.of(
                TestGraphs.part(graph, "a", "CPU", "inner", "relu", "sum", "bias"),
                TestGraphs.part(graph, "b", "CPU", "shifted")));
    assertThat(names(stages.get(0).outputs())).containsExactly("sum");
    assertThat(names(stages.get(1).inputs())).containsExactly("sum");
  }

  @Test
  void subgraphsThatWaitForEachOtherAreRefused() {
    assertThatThrownBy(
            () ->
                StagePlan.of(
                    graph,
                    List.of(
                        TestGraphs.part(graph, "a", "CPU", "inner", "sum"),
                        TestGraphs.part(graph, "b", "CPU", "relu"))))
        .hasMessageStartingWith("VART_GRAPH_ERROR: subgraphs wait for each other: [a, b]");
  }

  @Test
  void everyOpIsInExactlyOneSubgraph() {
    assertThatThrownBy(
            () -> StagePlan.of(graph, List.of(TestGraphs.part(graph, "a", "CPU", "inner", "relu"))))
        .hasMessageStartingWith("VART_GRAPH_ERROR: op 'sum' is in no subgraph");
    assertThatThrownBy(
            () ->
                StagePlan.of(
                    graph,
                    List.of(
                        TestGraphs.part(graph, "a", "CPU", "inner", "relu"),
                        TestGraphs.part(graph, "b", "CPU", "sum", "relu"))))
        .hasMessageStartingWith("VART_GRAPH_ERROR: op 'relu' is in subgraphs 'a', 'b'");
  }

  @Test
  void aGraphThatComputesNothingIsRefused() {
    Graph empty = new Graph("empty", graph.library());
    assertThatThrownBy(() -> StagePlan.of(empty, SubgraphParts.of(empty)))
        .hasMessageStartingWith("VART_GRAPH_ERROR: no op computes an output");
  }
}
