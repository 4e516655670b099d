package io.sluice.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.compile.Compiler;
import io.sluice.dpu.exact.FixBorder;
import io.sluice.ort.Allocations;
import io.sluice.target.Targets;
import io.sluice.vart.GraphRunner;
import io.sluice.vart.RunnerOptions;
import io.sluice.xir.Graph;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Networks for classification and detection, of all layers and on images of full size but with few
 * channels, allocate little on the Java heap besides their outputs.
 */
class ZooAllocationTest {
  private static final long MAX_BYTES = 64 << 10;
  private static final double WIDTH = 0.125;
  private static final long SEED = 3;

  @ParameterizedTest
  @EnumSource(names = {"RESNET50", "MOBILENET_V2", "YOLOV3_TINY"})
  @Tag("slow")
  void anInferenceAllocatesLittleBesidesItsOutput(Zoo zoo) {
    ZooConfig config = zoo.full().sized(zoo.full().size(), WIDTH);
    Graph quantized = Network.quantized(Network.of(zoo, config).imported(), 1, SEED);
    Graph compiled =
        Compiler.compile(quantized, Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096")).graph();
    try (GraphRunner runner = GraphRunner.create(compiled, RunnerOptions.standard())) {
      Map<String, TensorData> given = new HashMap<>();
      for (Tensor input : runner.inputTensors()) {
        TensorData noise = Network.noise(input.shape(), SEED);
        given.put(
            input.name(), input.type().isFixedPoint() ? FixBorder.toFix(noise, input) : noise);
      }
      long outputBytes = 0;
      for (Tensor output : runner.outputTensors()) {
        outputBytes += (long) output.shape().elements() * output.type().bytes();
      }
      long allocatedBytes = Allocations.leastBytes(() -> runner.execute(given));
      System.out.printf(
          "%s: %d bytes an inference besides %d of output%n",
          zoo.title(), allocatedBytes - outputBytes, outputBytes);
      assertThat(allocatedBytes).isBetween(outputBytes, outputBytes + MAX_BYTES);
    }
  }
}
