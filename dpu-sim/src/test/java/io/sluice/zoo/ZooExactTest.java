package io.sluice.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.compile.CompiledModel;
import io.sluice.compile.Compiler;
import io.sluice.dpu.exact.ExactEngine;
import io.sluice.dpu.exact.FixBorder;
import io.sluice.target.DpuTarget;
import io.sluice.vart.GraphRunner;
import io.sluice.vart.Runner;
import io.sluice.vart.RunnerOptions;
import io.sluice.xir.Graph;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The fast engine gives the bytes of the reference wherever a tensor leaves a subgraph, for every
 * network: all layers, but few channels and small images, since the reference is plain loops.
 */
class ZooExactTest {
  private static final int SAMPLES = 2;
  private static final int INPUTS = 2;
  private static final long SEED = 17;

  @ParameterizedTest
  @EnumSource
  @Tag("slow")
  void enginesAgreeAtEveryBorder(Zoo zoo) {
    Graph quantized = Network.quantized(Network.of(zoo, zoo.small()).imported(), SAMPLES, SEED);
    for (DpuTarget target : Families.targets()) {
      CompiledModel model = Compiler.compile(quantized, target);
      agree(zoo.title() + " for " + target.name(), model.graph(), INPUTS);
    }
  }

  private static void agree(String what, Graph graph, int inputs) {
    RunnerOptions options = RunnerOptions.standard();
    try (GraphRunner fast = GraphRunner.create(graph, options);
        GraphRunner reference =
            GraphRunner.create(graph, options.with(ExactEngine.Kind.REFERENCE))) {
      int borders = 0;
      long values = 0;
      long start = System.nanoTime();
      for (int i = 0; i < inputs; i++) {
        Map<String, TensorData> given = images(fast, SEED + 1 + i);
        Map<String, TensorData> expected = reference.trace(given);
        Map<String, TensorData> actual = fast.trace(given);
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        assertThat(fast.execute(given))
            .as("%s, input %d", what, i)
            .isEqualTo(outputs(reference, expected));
        for (Map.Entry<String, TensorData> border : expected.entrySet()) {
          assertThat(actual.get(border.getKey()))
              .as("%s, input %d, tensor %s", what, i, border.getKey())
              .isEqualTo(border.getValue());
          borders++;
          values += border.getValue().shape().elements();
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%s: %d inputs of seed %d, %d borders, %d values equal; %.2f s%n",
          what,
          inputs,
          SEED,
          borders,
          values,
          (System.nanoTime() - start) / 1e9);
    }
  }

  private static Map<String, TensorData> outputs(Runner runner, Map<String, TensorData> borders) {
    Map<String, TensorData> outputs = new HashMap<>(borders);
    outputs.keySet().retainAll(runner.outputTensors().stream().map(Tensor::name).toList());
    return outputs;
  }

  private static Map<String, TensorData> images(Runner runner, long seed) {
    Map<String, TensorData> images = new HashMap<>();
    for (Tensor input : runner.inputTensors()) {
      TensorData noise = Network.noise(input.shape(), seed);
      images.put(input.name(), input.type().isFixedPoint() ? FixBorder.toFix(noise, input) : noise);
    }
    return images;
  }
}
