package io.sluice.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs a real network, the orientation classifier, as its ONNX file has it. */
class OrtModelTest {
  private static final Tensor IN = new Tensor("x", DataType.FLOAT32, Shape.of(1, 3, 48, 192));
  private static final Tensor OUT =
      new Tensor("save_infer_model/scale_0.tmp_1", DataType.FLOAT32, Shape.of(1, 2));

  private static OrtModel classifier() throws Exception {
    try (InputStream in =
        OrtModelTest.class.getResourceAsStream("/models/ch_ppocr_mobile_v2.0_cls_infer.onnx")) {
      return new OrtModel(in.readAllBytes(), List.of(IN), List.of(OUT), "classifier", 1);
    }
  }

  private static TensorData noise(long seed) {
    Random random = new Random(seed);
    float[] values = new float[IN.shape().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return TensorData.ofFloats(IN.shape(), values);
  }

  @Test
  void concurrentRunsGiveTheBytesOfARunAlone() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (OrtModel model = classifier();
        OrtModel other = classifier()) {
      List<TensorData> alone = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        alone.add(model.run(Map.of("x", noise(i))).get(OUT.name()));
      }
      assertThat(alone).doesNotHaveDuplicates();
      for (TensorData probabilities : alone) {
        assertThat(probabilities.getFloat(0) + probabilities.getFloat(1))
            .isBetween(0.9999f, 1.0001f);
      }
      List<Future<TensorData>> all = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        int seed = i % 20;
        OrtModel either = i % 3 == 0 ? other : model;
        all.add(threads.submit(() -> either.run(Map.of("x", noise(seed))).get(OUT.name())));
      }
      for (int i = 0; i < all.size(); i++) {
        assertThat(all.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(alone.get(i % 20));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void bytesThatAreNoModelAreRefused() {
    assertThatThrownBy(
            () -> new OrtModel(new byte[] {1, 2, 3}, List.of(IN), List.of(OUT), "subgraph 's'", 1))
        .hasMessageStartingWith("VART_RUNNER_CONSTRUCTION_FAIL: ONNX Runtime refuses")
        .hasMessageContaining("at subgraph 's'");
  }

  @Test
  void aTypeThatTheBindingCannotCarryIsRefused() throws Exception {
    Tensor odd = new Tensor("x", new DataType(DataType.Kind.BFLOAT, 16), IN.shape());
    try (InputStream in =
        OrtModelTest.class.getResourceAsStream("/models/ch_ppocr_mobile_v2.0_cls_infer.onnx")) {
      byte[] bytes = in.readAllBytes();
      assertThatThrownBy(() -> new OrtModel(bytes, List.of(odd), List.of(OUT), "s", 1))
          .hasMessageStartingWith("XIR_INVALID_DATA_TYPE: values of type BFLOAT16")
          .hasMessageContaining("tensor 'x' of s");
    }
  }
}
