package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.TensorData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The float forms hold where they could break, and the tests see when they do. */
@Tag("slow")
class BoundaryTest {
  private static final Set<String> CONVOLUTIONS =
      Set.of(
          "conv2d-fix",
          "depthwise-conv2d-fix",
          "transposed-conv2d-fix",
          "transposed-depthwise-conv2d-fix");

  /** What caught a wrong lowering: cases and values by type of op, and the first case. */
  private static final class Kills {
    private final Map<String, int[]> byOp = new TreeMap<>();
    private final Map<String, Integer> byAim = new LinkedHashMap<>();

    void add(BoundaryCases.Aimed by, int mismatches) {
      int[] counts = byOp.computeIfAbsent(by.opType(), type -> new int[2]);
      counts[0]++;
      counts[1] += mismatches;
      byAim.put(by.aim(), mismatches);
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      byOp.forEach(
          (type, n) ->
              text.append(String.format("%n  %-34s %4d cases %8d mismatches", type, n[0], n[1])));
      return text + String.format("%n  first: %s", byAim.entrySet().iterator().next());
    }
  }

  private static final Map<String, Kills> KILLS = new LinkedHashMap<>();
  private static int cases;
  private static int refused;

  @BeforeAll
  static void runEveryCaseRightAndWrong() {
    FloatArithmetic plain = new FloatArithmetic();
    FloatArithmetic blocked = new BlockedEverywhere();
    FloatArithmetic mirrored = new BlockedEverywhere(MirroredArithmetic::new);
    WrongLowerings.all().keySet().forEach(name -> KILLS.put(name, new Kills()));
    BoundaryCases.each(
        c -> {
          Map<String, TensorData> expected = new ReferenceEngine(c.program()).run(c.inputs());
          cases++;
          for (FloatArithmetic right : List.of(plain, blocked, mirrored)) {
            try (FastEngine fast = new FastEngine(c.program(), right, 1 + cases % 2)) {
              refused += right == plain ? fast.refused().size() : 0;
              assertThat(Engines.difference(expected, fast.run(c.inputs()))).as(c.aim()).isNull();
            }
          }
          WrongLowerings.all()
              .forEach(
                  (name, wrong) -> {
                    try (FastEngine fast = new FastEngine(c.program(), wrong, 1)) {
                      int mismatches = Engines.mismatches(expected, fast.run(c.inputs()));
                      if (mismatches > 0) {
                        KILLS.get(name).add(c, mismatches);
                      }
                    }
                  });
        });
    System.out.printf(
        "%d boundary cases, 0 mismatches, %d in the reference engine%n", cases, refused);
    KILLS.forEach((name, kills) -> System.out.printf("killed '%s' by%s%n", name, kills));
  }

  @Test
  void everyWrongLoweringIsCaught() {
    assertThat(KILLS.values()).allSatisfy(kills -> assertThat(kills.byAim).isNotEmpty());
  }

  @Test
  void fewCasesFallBackToTheReference() {
    assertThat(refused).isLessThan(cases / 10);
  }

  @Test
  void everyWrongRoundingIsCaughtByEveryOpThatRounds() {
    for (String name : new String[] {"half to even", "no half", "truncation"}) {
      assertThat(KILLS.get(name).byOp.keySet())
          .as(name)
          .containsAll(CONVOLUTIONS)
          .contains("eltwise-fix", "depthwise-fix", "pool-fix", "upsample-fix", "concat-fix");
    }
  }

  @Test
  void everyWrongRoundingInBlocksIsCaughtByEveryOpThatRounds() {
    for (String name :
        new String[] {
          "blocked: ties to even",
          "blocked: half twice",
          "mirrored: ties down",
          "mirrored: ties to even"
        }) {
      assertThat(KILLS.get(name).byOp.keySet())
          .as(name)
          .containsAll(CONVOLUTIONS)
          .contains("eltwise-fix", "pool-fix", "upsample-fix", "concat-fix");
    }
  }

  @Test
  void aForgottenSaturationIsCaughtByEveryOpThatSaturates() {
    assertThat(KILLS.get("no saturation").byOp.keySet())
        .containsAll(CONVOLUTIONS)
        .contains("eltwise-fix", "depthwise-fix", "pool-fix");
  }

  @Test
  void anIgnoredBoundIsCaughtByConvolutionsSumsProductsAndPools() {
    assertThat(KILLS.get("bound ignored").byOp.keySet())
        .contains("conv2d-fix", "transposed-conv2d-fix", "eltwise-fix", "pool-fix");
  }

  @Test
  void leakyInFloatIsCaughtAfterAShiftOfTwelve() {
    assertThat(KILLS.get("leaky in float").byAim)
        .containsKey("LEAKYRELU boundaries of conv2d-fix 1x1, shift_cut 12, shift_bias 0");
  }
}
