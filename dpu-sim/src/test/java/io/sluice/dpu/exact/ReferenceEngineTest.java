package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.SluiceException;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ReferenceEngineTest {

  @Test
  @Tag("slow")
  void everyOpEqualsItsMeaningInRationals() {
    Map<String, Integer> seen = new TreeMap<>();
    for (long seed = 0; seed < 400; seed++) {
      LayerGenerator.Case c = LayerGenerator.layer(seed);
      for (FixProgram.Step step : c.program().steps()) {
        List<TensorData> inputs = step.inputs().stream().map(c.inputs()::get).toList();
        assertThat(step.kernel().run(inputs).array())
            .as("seed %d: %s %s", seed, step.op(), step.op().attrs())
            .isEqualTo(Oracle.expected(step.op(), inputs));
        seen.merge(step.op().type(), 1, Integer::sum);
      }
    }
    assertThat(seen)
        .containsKeys(
            "argmax-fix",
            "concat-fix",
            "conv2d-fix",
            "depthwise-conv2d-fix",
            "depthwise-fix",
            "downsample-fix",
            "eltwise-fix",
            "hard-sigmoid-fix",
            "pad-fix",
            "pixel-shuffle-fix",
            "pool-fix",
            "reduction_max-fix",
            "reorg-fix",
            "reshape-fix",
            "strided_slice-fix",
            "tile-fix",
            "transposed-conv2d-fix",
            "transposed-depthwise-conv2d-fix",
            "upload",
            "upsample-fix");
  }

  @Test
  @Tag("slow")
  void aSubgraphGivesWhatItsOpsGiveOneByOne() {
    for (long seed = 0; seed < 30; seed++) {
      LayerGenerator.Case c = LayerGenerator.subgraph(seed);
      Map<String, TensorData> values = new HashMap<>(c.inputs());
      for (FixProgram.Step step : c.program().steps()) {
        List<TensorData> inputs = step.inputs().stream().map(values::get).toList();
        values.put(
            step.output(),
            TensorData.wrap(
                step.op().output().type(),
                step.op().output().shape(),
                Oracle.expected(step.op(), inputs)));
      }
      Map<String, TensorData> results = new ReferenceEngine(c.program()).run(c.inputs());
      assertThat(results).isNotEmpty();
      results.forEach((name, value) -> assertThat(value).isEqualTo(values.get(name)));
    }
  }

  @Test
  void bordersAreWhatIsReadFromOutsideAndWhatIsReadThere() {
    FixGraph g = new FixGraph();
    Op in = g.input(3, 1, 4, 4, 2);
    Op first = g.add("upload", 3, Attrs.EMPTY, in);
    Op second = g.add("hard-sigmoid-fix", 7, Attrs.EMPTY, first);
    Op third = g.add("eltwise-fix", 3, Attrs.EMPTY, first, second);
    Op outside = g.add("download", 3, Attrs.EMPTY, second);
    try (ExactEngine engine =
        ExactEngine.create(ExactEngine.Kind.REFERENCE, List.of(third, second, first), 1)) {
      assertThat(engine.inputs()).containsExactly(in.output());
      assertThat(engine.outputs())
          .containsExactlyInAnyOrder(second.output(), third.output())
          .doesNotContain(outside.output());
    }
  }

  @Test
  void constantsFeedSums() {
    FixGraph g = new FixGraph();
    Op in = g.input(0, 1, 1, 2, 2);
    Op constant = g.constant(new byte[] {1, -3}, 1, 2);
    Op sum = g.add("eltwise-fix", 0, Attrs.EMPTY, in, constant);
    TensorData x = TensorData.wrap(DataType.XINT8, Shape.of(1, 1, 2, 2), new byte[] {0, 0, 5, 5});
    assertThat(run(g.graph.ops(), Map.of("in0", x)).get(sum.output().name()).array())
        .containsExactly(1, -1, 6, 4);
  }

  private static Map<String, TensorData> run(Collection<Op> ops, Map<String, TensorData> inputs) {
    try (ExactEngine engine = ExactEngine.create(ExactEngine.Kind.REFERENCE, ops, 1)) {
      return engine.run(inputs);
    }
  }

  @Test
  void tensorsOfAnotherShapeOrMissingAreRefused() {
    FixGraph g = new FixGraph();
    g.add("upload", 3, Attrs.EMPTY, g.input(3, 1, 4, 4, 2));
    TensorData other = TensorData.wrap(DataType.XINT8, Shape.of(1, 4, 4, 1), new byte[16]);
    assertThatThrownBy(() -> run(g.graph.ops(), Map.of("in0", other)))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("VART_SIZE_MISMATCH")
        .hasMessageContaining("in0");
    assertThatThrownBy(() -> run(g.graph.ops(), Map.of("x", other)))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("VART_TENSOR_INFO_ERROR")
        .hasMessageContaining("in0");
  }
}
