package io.sluice.dpu.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.target.Platform;
import io.sluice.target.Platforms;
import io.sluice.target.Targets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RooflineTimeModelTest {
  private static final Platforms PLATFORMS = Platforms.builtIn();
  private final RooflineTimeModel model = new RooflineTimeModel();

  private static ModelProfile profile(String target, ModelProfile.Superlayer... superlayers) {
    return new ModelProfile(
        "m",
        Targets.builtIn().byName(target),
        List.of(new ModelProfile.DpuSubgraph("s", List.of(superlayers))));
  }

  private static ModelProfile.Superlayer superlayer(double cycles, long constants, long features) {
    return new ModelProfile.Superlayer("l", 1000, cycles, cycles / 2, constants, features, 0);
  }

  private static Platform bare(int units, int portBytes) {
    return new Platform("p", "DPUCZDX8G_ISA1_B4096", units, 500, 8, portBytes, 0.5, 0.25, 2, 10);
  }

  @Test
  void theLongerOfComputingAndMovingCounts() {
    // 700 cycles at half efficiency and 500 MHz; 4096 bytes at a quarter of 8 GB/s.
    ModelProfile compute = profile("DPUCZDX8G_ISA1_B4096", superlayer(700, 100, 100));
    assertThat(model.serviceTimeNs(compute, bare(3, 32), 1, 1)).isEqualTo(10_000 + 2_000 + 2_800);
    ModelProfile memory = profile("DPUCZDX8G_ISA1_B4096", superlayer(7, 4000, 4000));
    assertThat(model.serviceTimeNs(memory, bare(3, 32), 1, 1)).isEqualTo(10_000 + 2_000 + 4_000);
  }

  @Test
  void unitsShareTheMemoryButNotTheirPorts() {
    ModelProfile memory = profile("DPUCZDX8G_ISA1_B4096", superlayer(7, 4000, 4000));
    assertThat(model.serviceTimeNs(memory, bare(3, 32), 1, 2)).isEqualTo(12_000 + 8_000);
    // A port of 4 bytes at 500 MHz is 2 GB/s: less than a third of the memory.
    assertThat(model.serviceTimeNs(memory, bare(3, 4), 1, 3)).isEqualTo(12_000 + 16_000);
    assertThat(model.serviceTimeNs(memory, bare(3, 4), 1, 1)).isEqualTo(12_000 + 16_000);
  }

  @Test
  void aGroupOfImagesLoadsItsWeightsOnce() {
    Platform v70 = PLATFORMS.byName("v70");
    ModelProfile weights = profile("DPUCV2DX8G_ISA1_C20B14", superlayer(1, 10_000_000, 0));
    long one = model.serviceTimeNs(weights, v70, 1, 1);
    assertThat(model.serviceTimeNs(weights, v70, 14, 1)).isEqualTo(one);
    assertThat(model.serviceTimeNs(weights, v70, 15, 1)).isBetween(2 * one - 1, 2 * one + 1);
  }

  @Property
  void moreWorkNeverTakesLess(
      @ForAll @LongRange(max = 1_000_000_000) long cycles,
      @ForAll @LongRange(max = 1_000_000_000) long bytes,
      @ForAll @IntRange(min = 1, max = 40) int batch,
      @ForAll @IntRange(min = 1, max = 3) int active) {
    Platform zcu102 = PLATFORMS.byName("zcu102");
    ModelProfile small = profile("DPUCZDX8G_ISA1_B4096", superlayer(cycles, bytes, bytes));
    ModelProfile large = profile("DPUCZDX8G_ISA1_B4096", superlayer(cycles + 1, bytes, bytes + 1));
    long time = model.serviceTimeNs(small, zcu102, batch, active);
    assertThat(time).isPositive();
    assertThat(model.serviceTimeNs(large, zcu102, batch, active)).isGreaterThanOrEqualTo(time);
    assertThat(model.serviceTimeNs(small, zcu102, batch + 1, active)).isGreaterThan(time);
    if (active < 3) {
      assertThat(model.serviceTimeNs(small, zcu102, batch, active + 1))
          .isGreaterThanOrEqualTo(time);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    ModelProfile b4096 = profile("DPUCZDX8G_ISA1_B4096", superlayer(1, 1, 1));
    assertThatThrownBy(() -> model.serviceTimeNs(b4096, PLATFORMS.byName("v70"), 1, 1))
        .hasMessageContaining("VART_DEVICE_MISMATCH");
    Platform zcu102 = PLATFORMS.byName("zcu102");
    assertThatThrownBy(() -> model.serviceTimeNs(b4096, zcu102, 0, 1))
        .hasMessageContaining("batch 0");
    assertThatThrownBy(() -> model.serviceTimeNs(b4096, zcu102, 1, 4))
        .hasMessageContaining("activeUnits 4");
  }

  @Test
  void theTableSaysThatItIsModelledAndAddsUp() {
    Platform zcu102 = PLATFORMS.byName("zcu102");
    TimeTable table =
        TimeTable.of(
            profile("DPUCZDX8G_ISA1_B4096", superlayer(5e6, 1 << 20, 0), superlayer(1, 1 << 20, 0)),
            zcu102);
    assertThat(table.toText()).contains("modelled for zcu102");
    assertThat(table.superlayers())
        .extracting(TimeTable.Row::bound)
        .containsExactly("compute", "memory");
    assertThat(table.superlayers().get(0).loadWeightsMiB()).isEqualTo(1);
    double sum = table.superlayers().stream().mapToDouble(TimeTable.Row::runtimeMs).sum();
    assertThat(table.totalMs()).isBetween(sum + 0.0499, sum + 0.0501);
  }
}
