package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ort.Allocations;
import io.sluice.xir.RoundMode;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * An inference allocates little besides its output, however large the tensors between its subgraphs
 * are. ONNX Runtime's memory is not Java's.
 */
class AllocationTest {
  private static final long MAX_BYTES = 64 << 10;

  @Test
  void subgraphsInOneGraph() {
    SqueezeNet net = new SqueezeNet(5, 40, 32, 127, RoundMode.DPU_ROUND);
    Map<String, TensorData> input = Map.of("x", net.input(1));
    try (GraphRunner runner = GraphRunner.create(net.graph, RunnerOptions.standard())) {
      assertThat(Allocations.leastBytes(() -> runner.execute(input)))
          .isBetween((long) net.shape.elements(), net.shape.elements() + MAX_BYTES);
    }
  }

  /** The borders are three tensors of 640 KB and two of 2.5 MB. */
  @Test
  void subgraphsOneByOne() {
    BranchNet net = new BranchNet(Shape.of(1, 320, 256, 8));
    TensorData input = net.input(1);
    try (GraphRunner runner = GraphRunner.create(net.graph, RunnerOptions.standard());
        Workspace work = runner.workspace()) {
      assertThat(Allocations.leastBytes(() -> runner.execute(Map.of("x", input))))
          .isBetween((long) net.shape.elements(), net.shape.elements() + MAX_BYTES);
      work.inputs().get(0).set(input);
      assertThat(Allocations.leastBytes(work::run)).isLessThan(MAX_BYTES);
    }
  }
}
