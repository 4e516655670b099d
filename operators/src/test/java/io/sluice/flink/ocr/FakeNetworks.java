package io.sluice.flink.ocr;

import io.sluice.aks.kernel.CtcDecoder;
import io.sluice.aks.kernel.DetectionPreprocess;
import io.sluice.aks.kernel.RecognitionPreprocess;
import io.sluice.flink.FakeRunner;
import io.sluice.flink.RunnerSource;
import io.sluice.vart.ModelRef;
import io.sluice.vart.Runner;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Networks that see two lines on every page that is not all black, take every line to be upright,
 * and read "ab" on it.
 */
final class FakeNetworks implements RunnerSource {
  private static final long serialVersionUID = 1L;
  private static final Tensor TENSOR = new Tensor("x", DataType.FLOAT32, Shape.of(1));

  static final List<String> KEYS = List.of("a", "b");
  static final List<String> ALPHABET = CtcDecoder.alphabet(KEYS);

  static OcrModels models() {
    return new OcrModels(
        named("detection", DetectionPreprocess.BUCKETS),
        named("orientation", List.of(192)),
        named("recognition", RecognitionPreprocess.BUCKETS),
        ALPHABET);
  }

  private static Map<Integer, ModelRef> named(String network, List<Integer> widths) {
    return widths.stream()
        .collect(
            Collectors.toMap(
                Function.identity(), w -> new ModelRef(network + "/" + w, "0".repeat(64))));
  }

  @Override
  public Held acquire(ModelRef model) {
    String network = model.uri().substring(0, model.uri().indexOf('/'));
    Runner runner =
        new FakeRunner(
            TENSOR,
            TENSOR,
            switch (network) {
              case "detection" -> FakeNetworks::detect;
              case "orientation" -> in -> TensorData.ofFloats(Shape.of(1, 2), 1, 0);
              default -> FakeNetworks::recognize;
            });
    return new Held() {
      @Override
      public Runner runner() {
        return runner;
      }

      @Override
      public void close() {}
    };
  }

  /** Two bars in the upper left, 120 x 16 network pixels. */
  private static TensorData detect(TensorData in) {
    int side = in.shape().dim(1);
    float[] map = new float[side * side];
    boolean black = in.getFloat(0) < 0;
    for (int y = 0; y < side && !black; y++) {
      boolean bar = (y >= 20 && y < 36) || (y >= 60 && y < 76);
      for (int x = 20; bar && x < 140; x++) {
        map[y * side + x] = 0.95f;
      }
    }
    return TensorData.ofFloats(Shape.of(1, side, side, 1), map);
  }

  private static TensorData recognize(TensorData in) {
    return TensorData.ofFloats(
        Shape.of(1, 4, 4), 1, 0, 0, 0, 0, .5f, .2f, .3f, 0, 1, 0, 0, 0, 0, 1, 0);
  }
}
