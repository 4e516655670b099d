package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The float forms hold where they could break, and the tests see when they do. */
@Tag("slow")
class BoundaryTest {

  @Test
  void fastEqualsReferenceNextToEveryBoundary() {
    FloatArithmetic arithmetic = new FloatArithmetic();
    int[] counts = new int[2];
    BoundaryCases.each(
        c -> {
          assertThat(Engines.difference(c.program(), c.inputs(), arithmetic, 1 + counts[0] % 2))
              .as(c.aim())
              .isNull();
          counts[0]++;
          counts[1] += FastPlan.of(c.program(), new Lowerings(arithmetic)).refused().size();
        });
    System.out.printf("%d boundary cases agree, %d of them refused%n", counts[0], counts[1]);
    assertThat(counts[1]).isLessThan(counts[0] / 10);
  }

  @Test
  void everyWrongLoweringIsCaught() {
    Map<String, List<String>> kills = new LinkedHashMap<>();
    WrongLowerings.all().keySet().forEach(name -> kills.put(name, new ArrayList<>()));
    BoundaryCases.each(
        c ->
            WrongLowerings.all()
                .forEach(
                    (name, wrong) -> {
                      if (kills.get(name).size() < 3) {
                        String difference = Engines.difference(c.program(), c.inputs(), wrong, 1);
                        if (difference != null) {
                          kills.get(name).add(c.aim() + ": " + difference);
                        }
                      }
                    }));
    kills.forEach((name, by) -> System.out.printf("killed '%s': %s%n", name, by));
    assertThat(kills.values()).allSatisfy(by -> assertThat(by).isNotEmpty());
  }

  @Test
  void leakyInFloatIsCaughtAfterAShiftOfTwelve() {
    List<String> differences = new ArrayList<>();
    BoundaryCases.each(
        c -> {
          if (c.aim().equals("LEAKYRELU boundaries after shift_cut 12")) {
            differences.add(
                Engines.difference(c.program(), c.inputs(), WrongLowerings.LEAKY_IN_FLOAT, 1));
          }
        });
    assertThat(differences).hasSize(1).doesNotContainNull();
  }
}
