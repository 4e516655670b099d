package io.sluice.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.vart.ModelRef;
import io.sluice.vart.Runner;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InferenceKernelTest {
  private static final String SHA = "0".repeat(64);

  private final List<String> acquired = new ArrayList<>();
  private final List<String> given = new ArrayList<>();

  private final RunnerSource source =
      model -> {
        acquired.add(model.uri());
        return new RunnerSource.Held() {
          @Override
          public Runner runner() {
            Tensor tensor = new Tensor("x", DataType.FLOAT32, Shape.of(1));
            return new FakeRunner(
                tensor, tensor, in -> TensorData.ofFloats(Shape.of(1), model.uri().length()));
          }

          @Override
          public void close() {
            given.add(model.uri());
          }
        };
      };

  private final InferenceKernel kernel =
      new InferenceKernel(
          Map.of(4, new ModelRef("a", SHA), 8, new ModelRef("bb", SHA)), source, "in", "out");

  @Test
  void theWidthOfTheInputChoosesTheModelWhichIsLeasedOnceAndGivenBack() {
    kernel.open();
    assertThat(acquired).isEmpty();

    assertThat(outputOf(8)).isEqualTo(2);
    assertThat(outputOf(8)).isEqualTo(2);
    assertThat(acquired).containsExactly("bb");
    assertThat(outputOf(4)).isEqualTo(1);
    assertThat(acquired).containsExactly("bb", "a");

    kernel.close();
    assertThat(given).containsExactlyInAnyOrder("bb", "a");
  }

  @Test
  void warmingUpLeasesAndRunsEveryModelOnce() {
    kernel.open();
    kernel.warmUp();
    assertThat(acquired).containsExactly("a", "bb");

    assertThat(outputOf(8)).isEqualTo(2);
    assertThat(acquired).containsExactly("a", "bb");
  }

  @Test
  void aWidthWithoutAModelIsRefused() {
    kernel.open();

    assertThatThrownBy(() -> outputOf(5))
        .isInstanceOfSatisfying(
            SluiceException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.VART_SIZE_MISMATCH))
        .hasMessageContaining("[4, 8]");
  }

  private static InferenceKernel twoHeads(List<String> outputs) {
    Tensor in = new Tensor("x", DataType.FLOAT32, Shape.of(1, 1, 4, 1));
    List<Tensor> heads =
        List.of(
            new Tensor("corners", DataType.FLOAT32, Shape.of(2)),
            new Tensor("scores", DataType.FLOAT32, Shape.of(1)));
    RunnerSource source =
        model ->
            new RunnerSource.Held() {
              @Override
              public Runner runner() {
                return new FakeRunner(
                    in,
                    heads,
                    x ->
                        List.of(
                            TensorData.ofFloats(Shape.of(2), 1, 2),
                            TensorData.ofFloats(Shape.of(1), 3)));
              }

              @Override
              public void close() {}
            };
    return new InferenceKernel(Map.of(4, new ModelRef("heads", SHA)), source, "in", outputs);
  }

  private static final TensorData WIDTH_4 = TensorData.ofFloats(Shape.of(1, 1, 4, 1), new float[4]);

  @Test
  void aNetworkWithSeveralOutputsGivesThemAllInTheOrderOfTheRunner() {
    InferenceKernel heads = twoHeads(List.of("first", "second"));
    heads.open();

    Packet result = heads.apply(Packets.record().with("in", WIDTH_4)).get(0);

    assertThat(result.has("in")).isFalse();
    assertThat(result.tensor("first").toFloats()).containsExactly(1, 2);
    assertThat(result.tensor("second").toFloats()).containsExactly(3);
  }

  @Test
  void aNetworkWithOtherThanTheNamedOutputsIsRefused() {
    InferenceKernel heads = twoHeads(List.of("first"));
    heads.open();

    assertThatThrownBy(() -> heads.apply(Packets.record().with("in", WIDTH_4)))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("1 inputs and 2 outputs");
  }

  private float outputOf(int width) {
    TensorData input = TensorData.ofFloats(Shape.of(1, 1, width, 1), new float[width]);
    Packet result = kernel.apply(Packets.record().with("in", input)).get(0);
    assertThat(result.has("in")).isFalse();
    return result.tensor("out").getFloat(0);
  }
}
