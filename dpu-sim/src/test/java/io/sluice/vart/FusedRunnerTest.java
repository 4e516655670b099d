package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.dpu.exact.ExactEngine;
import io.sluice.xir.Graph;
import io.sluice.xir.RoundMode;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * CPU subgraphs that run with the DPU subgraphs around them give the bytes that they give alone.
 */
class FusedRunnerTest {
  private static final RunnerOptions OPTIONS = RunnerOptions.standard();

  private static boolean fuses(Graph graph) {
    List<FusedStages.Group> groups = FusedStages.of(StagePlan.of(graph, SubgraphParts.of(graph)));
    return groups.stream()
        .map(group -> FusedExecutor.of(group, OPTIONS))
        .anyMatch(
            executor -> {
              executor.ifPresent(SubgraphExecutor::close);
              return executor.isPresent();
            });
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 16", "2, 8, 8", "3, 20, 24", "4, 17, 5", "5, 40, 32", "6, 7, 64"})
  void squeezeAndExciteGivesTheSameBytesFused(long seed, int side, int channels) {
    SqueezeNet net = new SqueezeNet(seed, side, channels, 127, RoundMode.DPU_ROUND);
    assertThat(fuses(net.graph)).isTrue();
    try (GraphRunner fused = GraphRunner.create(net.graph, OPTIONS);
        GraphRunner apart =
            GraphRunner.create(net.graph, OPTIONS.with(ExactEngine.Kind.REFERENCE))) {
      for (int i = 0; i < 8; i++) {
        Map<String, TensorData> input = Map.of("x", net.input(seed * 100 + i));
        assertThat(fused.execute(input)).as("input %d", i).isEqualTo(apart.execute(input));
        assertThat(fused.trace(input)).as("borders %d", i).isEqualTo(apart.trace(input));
      }
    }
  }

  @Test
  void anotherRoundingStaysApart() {
    assertThat(fuses(new SqueezeNet(1, 3, 16, 127, RoundMode.STD_ROUND).graph)).isFalse();
  }

  @Test
  void weightsThatAreNotOf8BitsStayApart() {
    assertThat(fuses(new SqueezeNet(1, 3, 16, 1000, RoundMode.DPU_ROUND).graph)).isFalse();
  }

  @Test
  void aSumThatMayRoundStaysApart() {
    // 4096 products of 128 * 64 on average are twice 2^24
    assertThat(fuses(new SqueezeNet(1, 2, 4096, 127, RoundMode.DPU_ROUND).graph)).isFalse();
    assertThat(fuses(new SqueezeNet(1, 2, 1024, 60, RoundMode.DPU_ROUND).graph)).isTrue();
  }

  @Test
  void aSubgraphThatIsNoFunctionOfBytesRunsBetweenTheGroups() {
    Graph graph = CompiledNet.compiled();
    List<Stage> stages = StagePlan.of(graph, SubgraphParts.of(graph));
    List<FusedStages.Group> groups = FusedStages.of(stages);
    assertThat(groups.stream().flatMap(group -> group.stages().stream()))
        .containsExactlyInAnyOrderElementsOf(stages);
    assertThat(groups.get(0).stages().get(0).device()).isEqualTo(Stage.DPU);
    assertThat(groups.get(groups.size() - 1).fusible()).isFalse();
  }
}
