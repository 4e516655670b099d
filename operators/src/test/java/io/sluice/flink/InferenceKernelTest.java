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

  private float outputOf(int width) {
    TensorData input = TensorData.ofFloats(Shape.of(1, 1, width, 1), new float[width]);
    Packet result = kernel.apply(Packets.record().with("in", input)).get(0);
    assertThat(result.has("in")).isFalse();
    return result.tensor("out").getFloat(0);
  }
}
