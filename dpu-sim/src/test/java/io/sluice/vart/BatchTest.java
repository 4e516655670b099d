package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.dpu.exact.ExactEngine;
import io.sluice.dpu.exact.FixBorder;
import io.sluice.xir.Graph;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A runner takes any number of images at once, as it was built. */
class BatchTest {
  private static final Graph COMPILED = CompiledNet.compiled();

  private static TensorData joined(List<TensorData> values) {
    TensorData first = values.get(0);
    int size = first.array().length;
    byte[] all = new byte[values.size() * size];
    for (int i = 0; i < values.size(); i++) {
      System.arraycopy(values.get(i).array(), 0, all, i * size, size);
    }
    Shape shape = first.shape().withDim(0, first.shape().dim(0) * values.size());
    return TensorData.wrap(first.type(), shape, all);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 14})
  void aBatchGivesTheBytesOfItsImagesOneByOne(int n) {
    for (ExactEngine.Kind kind : ExactEngine.Kind.values()) {
      try (GraphRunner runner = GraphRunner.create(COMPILED, RunnerOptions.standard().with(kind))) {
        Tensor input = runner.inputTensors().get(0);
        List<TensorData> images = new ArrayList<>();
        List<TensorData> results = new ArrayList<>();
        for (int i = 0; i < n; i++) {
          images.add(FixBorder.toFix(CompiledNet.input(i), input));
          results.add(runner.execute(Map.of("x", images.get(i))).get("y"));
        }
        assertThat(results).doesNotHaveDuplicates();
        Map<String, TensorData> batch = Map.of("x", joined(images));
        Map<String, TensorData> expected = Map.of("y", joined(results));
        assertThat(runner.execute(batch)).isEqualTo(expected);
        assertThat(runner.await(runner.executeAsync(batch), Runner.FOREVER)).isEqualTo(expected);
        assertThat(expected.get("y").shape().dim(0)).isEqualTo(n);
      }
    }
  }

  @Test
  void floatsOfABatchAreRoundedAsOneByOne() {
    try (GraphRunner runner = GraphRunner.create(COMPILED, RunnerOptions.standard())) {
      Runner floats = FloatInputs.of(runner);
      List<TensorData> images = List.of(CompiledNet.input(1), CompiledNet.input(2));
      List<TensorData> results =
          images.stream().map(image -> floats.execute(Map.of("x", image)).get("y")).toList();
      assertThat(floats.execute(Map.of("x", joined(images))).get("y")).isEqualTo(joined(results));
    }
  }

  @Test
  void inputsOfDifferentBatchesAreRefused() {
    TensorData one = TestGraphs.constant(1);
    TensorData two = joined(List.of(one, one));
    try (GraphRunner runner = GraphRunner.create(TestGraphs.sum(), RunnerOptions.standard())) {
      assertThat(runner.execute(Map.of("x", two, "y", two)).get("sum").shape())
          .isEqualTo(two.shape());
      assertThatThrownBy(() -> runner.execute(Map.of("x", two, "y", one)))
          .hasMessageStartingWith("VART_SIZE_MISMATCH: input 'y' has shape [1, 2, 2, 3], not [2, ");
      assertThatThrownBy(() -> runner.execute(Map.of("x", one, "y", two)))
          .hasMessageStartingWith("VART_SIZE_MISMATCH: input 'y' has shape [2, 2, 2, 3], not [1, ");
      TensorData none = TensorData.wrap(one.type(), one.shape().withDim(0, 0), new byte[0]);
      assertThatThrownBy(() -> runner.execute(Map.of("x", none, "y", none)))
          .hasMessageStartingWith("VART_SIZE_MISMATCH: input 'x' has shape [0, 2, 2, 3], not [1, ");
      assertThatThrownBy(() -> runner.trace(Map.of("x", two, "y", two)))
          .hasMessageStartingWith("VART_SIZE_MISMATCH: input 'x' has shape [2, 2, 2, 3], not [1, ");
    }
  }
}
