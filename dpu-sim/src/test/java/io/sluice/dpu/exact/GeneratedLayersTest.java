package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.DataType;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The engines agree to the byte on random layers. A failure prints the seed of its layer: run
 * {@code LayerGenerator.layer(seed)} to see it again.
 */
class GeneratedLayersTest {
  private static final long SEED = Long.getLong("sluice.test.seed", 20_260_101L);

  @Test
  @Tag("slow")
  void fastEqualsReferenceOnLayers() {
    agree(LayerGenerator::layer, 400);
  }

  @Test
  @Tag("slow")
  void fastEqualsReferenceOnSubgraphs() {
    agree(LayerGenerator::subgraph, 100);
  }

  @Test
  @Tag("full")
  void fastEqualsReferenceOnTwentyThousandLayers() {
    agree(LayerGenerator::layer, 20_000);
  }

  @Test
  @Tag("full")
  void fastEqualsReferenceOnTwoThousandSubgraphs() {
    agree(LayerGenerator::subgraph, 2_000);
  }

  private static void agree(LongFunction<LayerGenerator.Case> generator, int count) {
    List<FloatArithmetic> forms =
        List.of(
            new FloatArithmetic(),
            new BlockedEverywhere(),
            new BlockedEverywhere(MirroredArithmetic::new));
    Map<String, Integer> seen = new TreeMap<>();
    Map<String, Integer> fallBacks = new TreeMap<>();
    int ops = 0;
    int refused = 0;
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long seed = SEED + i;
      LayerGenerator.Case c = generator.apply(seed);
      int threads = 1 + i % 2;
      FloatArithmetic arithmetic = forms.get(i / 2 % forms.size());
      assertThat(Engines.difference(c.program(), c.inputs(), arithmetic, threads))
          .as("seed %d on %d threads", seed, threads)
          .isNull();
      ops += c.program().steps().size();
      FastPlan plan = FastPlan.of(c.program(), new Lowerings(arithmetic));
      assertThat(outside(c, plan.ranges())).as("seed %d", seed).isNull();
      Set<String> names = plan.refused().keySet();
      refused += names.size();
      for (FixProgram.Step step : c.program().steps()) {
        seen.merge(step.op().type(), 1, Integer::sum);
        if (names.contains(step.op().name())) {
          fallBacks.merge(step.op().type(), 1, Integer::sum);
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d cases of %d ops from seed %d, 0 mismatches, %.0f s; %.2f%% of the ops in ONNX Runtime,"
            + " %d in the reference %s; ops %s%n",
        count,
        ops,
        SEED,
        (System.nanoTime() - start) / 1e9,
        100.0 * (ops - refused) / ops,
        refused,
        fallBacks,
        seen);
    assertThat(refused).isLessThan(ops / 10);
  }

  /** An output with a value that its range does not have; null if there is none. */
  private static String outside(LayerGenerator.Case c, Map<String, ValueRange> ranges) {
    for (Map.Entry<String, TensorData> output :
        new ReferenceEngine(c.program()).run(c.inputs()).entrySet()) {
      TensorData values = output.getValue();
      if (!values.type().equals(DataType.XINT8) || !ranges.containsKey(output.getKey())) {
        continue;
      }
      ValueRange range = ranges.get(output.getKey());
      int channels = values.shape().dim(values.shape().rank() - 1);
      for (int i = 0; i < values.shape().elements(); i++) {
        ValueRange.Interval in = range.channel(i % channels);
        if (values.getByte(i) < in.low() || values.getByte(i) > in.high()) {
          return output.getKey() + " has " + values.getByte(i) + " at " + i + ", not in " + in;
        }
      }
    }
    return null;
  }
}
