package io.sluice.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FloatSessionTest {
  @Test
  void zerosAroundAMaxPoolAreValuesOfTheirOwn() {
    Graph graph = new Graph("net");
    Attrs input = Attrs.EMPTY.with("shape", new int[] {1, 2, 2, 1}).with("data_type", "FLOAT32");
    int[] far = {0, 0, 0, 1, 0, 1, 0, 0};
    Op padded =
        graph.add(
            "padded",
            "pad",
            Attrs.EMPTY.with("paddings", far).with("mode", "CONSTANT"),
            graph.add("x", "data", input));
    Attrs window =
        Attrs.EMPTY
            .with("kernel", new int[] {2, 2})
            .with("stride", new int[] {1, 1})
            .with("pad_mode", "FLOOR")
            .with("pad", new int[] {0, 0, 0, 0});
    Op pooled = graph.add("pooled", "maxpool2d", window, padded);
    TensorData negative = TensorData.ofFloats(Shape.of(1, 2, 2, 1), -1, -2, -3, -4);
    float[] seen = new float[4];
    try (FloatSession session = FloatSession.open(graph, List.of(pooled))) {
      session.run(0, Map.of("x", negative), (op, values) -> values.get(seen));
    }
    assertThat(seen).containsExactly(-1, 0, 0, 0);
  }
}
