package io.sluice.dpu.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.target.Platforms;
import io.sluice.xir.Graph;
import io.sluice.xir.XModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ModelProfileTest {
  private static Graph sample(String name) {
    String folder = System.getProperty("sluice.testData", "");
    assumeTrue(!folder.isEmpty(), "no folder of sample files named");
    return XModel.read(Path.of(folder, "xmodel", name));
  }

  @Test
  void superlayersOfASampleHaveTheirCyclesAndBytes() {
    ModelProfile profile = ModelProfile.of(sample("tf2_custom_op_zcu102.xmodel"));
    assertThat(profile.target().name()).isEqualTo("DPUCZDX8G_ISA1_B4096");
    assertThat(profile.workload()).isEqualTo(28885386);
    assertThat(profile.subgraphs()).extracting(s -> s.superlayers().size()).containsExactly(3, 2);
    ModelProfile.Superlayer conv = profile.subgraphs().get(0).superlayers().get(1);
    assertThat(conv)
        .isEqualTo(
            new ModelProfile.Superlayer(
                "quant_conv2d_1",
                25706496,
                25698304 / 4096.0,
                8192 / 64.0,
                32 * 49 * 32 + 32,
                22 * 22 * 32,
                8 * 8 * 32));
  }

  @Test
  void theTableOfASampleIsThatOfItsSuperlayers() {
    TimeTable table =
        TimeTable.of(
            ModelProfile.of(sample("tf2_custom_op_v70.xmodel")), Platforms.builtIn().byName("v70"));
    assertThat(table.superlayers())
        .extracting(TimeTable.Row::name)
        .startsWith("quant_conv2d", "quant_conv2d_1", "quant_conv2d_2");
    assertThat(table.totalMs()).isPositive();
  }

  @Test
  void aGraphThatIsNotCompiledHasNoProfile() {
    assertThatThrownBy(() -> ModelProfile.of(new Graph("empty")))
        .hasMessageContaining("no DPU subgraph");
  }
}
