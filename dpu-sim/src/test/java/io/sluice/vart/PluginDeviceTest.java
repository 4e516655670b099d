package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.compile.CompileOptions;
import io.sluice.compile.Compiler;
import io.sluice.dpu.exact.FixBorder;
import io.sluice.target.Targets;
import io.sluice.xir.Graph;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import io.sluice.xir.XModel;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network some of whose ops plugins of {@code io.sluice.vart.example} took. */
class PluginDeviceTest {
  private static final RunnerOptions OPTIONS = new RunnerOptions(2);

  private final Graph quantized = CompiledNet.quantized(64, 3);

  private Graph compiled(String plugins) {
    CompileOptions options = CompileOptions.parse("{\"plugins\": \"" + plugins + "\"}");
    Graph graph =
        Compiler.compile(quantized, Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096"), options)
            .model()
            .graph();
    byte[] file = XModel.toBytes(graph);
    return XModel.read(new ByteArrayInputStream(file), "net", file.length);
  }

  private static List<String> devices(Graph graph) {
    return StagePlan.of(graph, SubgraphParts.of(graph)).stream().map(Stage::device).toList();
  }

  private static Map<String, TensorData> fixed(Runner runner, long seed) {
    Tensor input = runner.inputTensors().get(0);
    return Map.of(input.name(), FixBorder.toFix(CompiledNet.input(seed), input));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"first-block | CONVIP,DPU,CPU,DPU,CPU", "pool-ip | DPU,POOLIP,DPU,CPU,DPU,CPU"})
  void theResultsAreThoseOfTheModelWithoutPlugins(String plugins, String devices) {
    Graph graph = compiled(plugins);
    assertThat(devices(graph)).containsExactly(devices.split(","));
    try (GraphRunner with = GraphRunner.create(graph, OPTIONS);
        GraphRunner without = GraphRunner.create(CompiledNet.compiled(quantized), OPTIONS)) {
      for (int seed = 0; seed < 20; seed++) {
        assertThat(with.execute(fixed(with, seed)))
            .isEqualTo(without.execute(fixed(without, seed)));
      }
    }
  }

  @Test
  void aDeviceWhoseRunnerIsNotAtHandIsNamed() {
    Graph graph = compiled("no-runner");
    assertThatThrownBy(() -> GraphRunner.create(graph, OPTIONS))
        .hasMessageStartingWith("VART_RUNNER_CONSTRUCTION_FAIL: no executor for device 'GATEIP'")
        .hasMessageContaining("libgate-runner.so")
        .hasMessageContaining("libpool-runner.so");
  }

  @Test
  void whatAPluginAttachesIsInTheFile() {
    Graph graph = compiled("first-block");
    assertThat(graph.root().children())
        .filteredOn(s -> s.device().equals(Optional.of("CONVIP")))
        .extracting(s -> s.attrs().getInt("conv_ip_ops"))
        .allSatisfy(ops -> assertThat(ops).isGreaterThan(3));
  }
}
