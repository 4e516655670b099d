package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.xir.TensorData;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The integer forms hold where they could break, on processors that have them, and the tests see
 * when they do not. A failure prints the seed of its layer.
 */
@Tag("slow")
class ByteLoweringsTest {
  private static final long SEED = Long.getLong("sluice.test.seed", 20_261_129L);

  private static Lowerings right() {
    return new Lowerings(new ArithmeticChoice("amd64", true), new ByteArithmetic());
  }

  private static Lowerings wrong(FloatArithmetic floats) {
    return new Lowerings(floats, new ByteArithmetic());
  }

  /** Lowerings that are wrong in one way each. */
  private static Map<String, Lowerings> wrongs() {
    Map<String, Lowerings> all = new LinkedHashMap<>();
    all.put(
        "ties to even",
        new Lowerings(
            new ArithmeticChoice("amd64", true),
            new ByteArithmetic() {
              @Override
              float factor(int shift) {
                return Math.scalb(1f, -shift);
              }
            }));
    all.put(
        "steps below a tie up",
        new Lowerings(
            new ArithmeticChoice("amd64", true),
            new ByteArithmetic() {
              @Override
              float factor(int shift) {
                return super.factor(shift) * (1 + 1f / 256);
              }
            }));
    all.put("quantized: ties to even", wrong(new Quantized(0)));
    all.put("quantized: half twice", wrong(new Quantized(0.5)));
    return all;
  }

  /** Quantized arithmetic with another half. */
  private static final class Quantized extends QuantizedArithmetic {
    private final double half;

    Quantized(double half) {
      this.half = half;
    }

    @Override
    double half(int bits) {
      return bits > 0 ? half : 0;
    }
  }

  @BeforeAll
  static void onlyWhereIntegerKernelsAreExact() {
    String failure = PlatformCanary.failure(new ByteArithmetic(), 1);
    assumeTrue(failure == null, failure);
  }

  @Test
  void everyBoundaryCaseIsExactAndEveryWrongFormIsCaught() {
    Map<String, Set<String>> kills = new TreeMap<>();
    int[] cases = new int[2];
    Lowerings right = right();
    Map<String, Lowerings> wrongs = wrongs();
    BoundaryCases.each(
        c -> {
          Map<String, TensorData> expected = new ReferenceEngine(c.program()).run(c.inputs());
          try (FastEngine fast = new FastEngine(c.program(), right, 1 + cases[0]++ % 2)) {
            cases[1] += fast.refused().size();
            assertThat(Engines.difference(expected, fast.run(c.inputs()))).as(c.aim()).isNull();
          }
          wrongs.forEach(
              (name, wrong) -> {
                try (FastEngine fast = new FastEngine(c.program(), wrong, 1)) {
                  if (Engines.mismatches(expected, fast.run(c.inputs())) > 0) {
                    kills.computeIfAbsent(name, n -> new TreeSet<>()).add(c.opType());
                  }
                }
              });
        });
    System.out.printf(
        "%d boundary cases in bytes, 0 mismatches, %d in the reference engine; killed %s%n",
        cases[0], cases[1], kills);
    assertThat(kills).containsOnlyKeys(wrongs.keySet());
    for (String name : new String[] {"ties to even", "steps below a tie up"}) {
      assertThat(kills.get(name)).contains("conv2d-fix", "depthwise-conv2d-fix");
    }
    for (String name : new String[] {"quantized: ties to even", "quantized: half twice"}) {
      assertThat(kills.get(name)).contains("transposed-conv2d-fix", "eltwise-fix", "pool-fix");
    }
  }

  @Test
  void layersAreExact() {
    agree(LayerGenerator::layer, 200);
  }

  @Test
  void subgraphsAreExact() {
    agree(LayerGenerator::subgraph, 80);
  }

  /** Subgraphs in which a value is read as bytes by some and as floats by several. */
  @Test
  void everyReaderOfAValueGetsItInItsOwnLayout() {
    for (long seed : new long[] {20_261_515L, 20_262_433L}) {
      agree(i -> LayerGenerator.subgraph(seed), 1);
    }
  }

  @Test
  @Tag("full")
  void tenThousandLayersAndOneThousandSubgraphsAreExact() {
    agree(LayerGenerator::layer, 10_000);
    agree(LayerGenerator::subgraph, 1_000);
  }

  private static void agree(LongFunction<LayerGenerator.Case> generator, int count) {
    Lowerings lowerings = right();
    for (int i = 0; i < count; i++) {
      LayerGenerator.Case c = generator.apply(SEED + i);
      Map<String, TensorData> expected = new ReferenceEngine(c.program()).run(c.inputs());
      try (FastEngine fast = new FastEngine(c.program(), lowerings, 1 + i % 2)) {
        assertThat(Engines.difference(expected, fast.run(c.inputs())))
            .as("seed %d on %d threads", SEED + i, 1 + i % 2)
            .isNull();
      }
    }
    System.out.printf("%d cases in bytes from seed %d, 0 mismatches%n", count, SEED);
  }
}
