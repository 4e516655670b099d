package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;

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
      Set<String> names = FastPlan.of(c.program(), new Lowerings(arithmetic)).refused().keySet();
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
}
