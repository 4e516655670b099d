package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExactEngineTest {

  @Test
  void bothKindsHaveTheSameBordersAndResults() {
    LayerGenerator.Case c = LayerGenerator.subgraph(7);
    List<Op> ops = c.program().steps().stream().map(FixProgram.Step::op).toList();
    try (ExactEngine reference = ExactEngine.create(ExactEngine.Kind.REFERENCE, ops, 1);
        ExactEngine fast = ExactEngine.create(ExactEngine.Kind.FAST, ops, 2)) {
      assertThat(fast).isInstanceOf(FastEngine.class);
      assertThat(fast.inputs()).isEqualTo(reference.inputs());
      assertThat(fast.outputs()).isEqualTo(reference.outputs());
      assertThat(fast.run(c.inputs())).isEqualTo(reference.run(c.inputs()));
      assertThat(reference.refused()).isEmpty();
    }
  }

  @Test
  void aRefusedOpCutsTheGraphAndOnlyThatOpLeavesIt() {
    FixGraph g = new FixGraph();
    Op in = g.input(4, 1, 6, 6, 3);
    Op before = g.add("hard-sigmoid-fix", 7, Attrs.EMPTY, in);
    Attrs symmetric =
        Attrs.EMPTY.with("mode", "SYMMETRIC").with("paddings", new int[] {0, 0, 1, 1, 1, 1, 0, 0});
    Op refused = g.add("pad-fix", 7, symmetric, before);
    Attrs pool =
        Attrs.EMPTY
            .with("kernel", new int[] {3, 3})
            .with("stride", FixGraph.ONES)
            .with("type", "AVG");
    Op pooled = g.add("pool-fix", 7, pool, refused);
    g.add("eltwise-fix", 6, Attrs.EMPTY, pooled, before);
    FixProgram program = g.program();
    FloatArithmetic arithmetic = new FloatArithmetic();
    FastPlan plan = FastPlan.of(program, new Lowerings(arithmetic));
    assertThat(plan.refused()).containsOnlyKeys(refused.name());
    assertThat(plan.stages()).hasSize(2);
    byte[] values = new byte[6 * 6 * 3];
    new java.util.Random(1).nextBytes(values);
    TensorData x = TensorData.wrap(in.output().type(), in.output().shape(), values);
    assertThat(Engines.difference(program, Map.of(in.output().name(), x), arithmetic, 1)).isNull();
  }

  /** ONNX Runtime is inclined to take the zeros for the padding of the pool. */
  @Test
  void zerosAroundAMaxPoolAreValuesOfTheirOwn() {
    FixGraph g = new FixGraph();
    Op in = g.input(4, 1, 2, 2, 1);
    int[] far = {0, 0, 0, 1, 0, 1, 0, 0};
    Attrs pad = Attrs.EMPTY.with("mode", "CONSTANT").with("paddings", far);
    Op padded = g.add("pad-fix", 4, pad, in);
    Attrs window =
        Attrs.EMPTY
            .with("kernel", new int[] {2, 2})
            .with("stride", FixGraph.ONES)
            .with("type", "MAX");
    Op pooled = g.add("pool-fix", 4, window, padded);
    Map<String, TensorData> negative =
        Map.of(
            in.output().name(),
            TensorData.wrap(in.output().type(), in.output().shape(), new byte[] {-1, -2, -3, -4}));
    try (FastEngine fast = new FastEngine(g.program(), new FloatArithmetic(), 1)) {
      assertThat(fast.refused()).isEmpty();
      assertThat(fast.run(negative).get(pooled.output().name()).array())
          .containsExactly(-1, 0, 0, 0);
      assertThat(new ReferenceEngine(g.program()).run(negative)).isEqualTo(fast.run(negative));
    }
  }

  @Test
  void runsMayBeConcurrent() throws Exception {
    LayerGenerator.Case c = LayerGenerator.subgraph(11);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (FastEngine fast = new FastEngine(c.program(), new FloatArithmetic(), 1)) {
      Map<String, TensorData> expected = new ReferenceEngine(c.program()).run(c.inputs());
      List<Future<Map<String, TensorData>>> results =
          IntStream.range(0, 32).mapToObj(i -> pool.submit(() -> fast.run(c.inputs()))).toList();
      for (Future<Map<String, TensorData>> result : results) {
        assertThat(result.get()).isEqualTo(expected);
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void thisMachinePassesTheCanary() {
    assertThat(PlatformCanary.failure(new FloatArithmetic(), 1)).isNull();
    assertThat(PlatformCanary.failure(new FloatArithmetic(), 2)).isNull();
  }

  @Test
  void theCanarySeesHalvesThatGoToEven() {
    assertThat(PlatformCanary.failure(WrongLowerings.HALF_TO_EVEN, 1)).contains("not exact");
  }
}
