package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.OpDef;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A convolution layer with its activation, in ONNX Runtime and in plain loops. */
class CpuSubgraphTest {
  private static final int H = 7;
  private static final int W = 9;
  private static final int IC = 3;
  private static final int OC = 5;
  private static final int K = 3;
  private static final int OH = 4;
  private static final int OW = 5;

  private final Random random = new Random(20260101);
  private final float[] x = integers(H * W * IC);
  private final float[] weights = integers(OC * K * K * IC);
  private final float[] bias = integers(OC);

  /** Integers in floats: any order of summation gives the same sum. */
  private float[] integers(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(256) - 128;
    }
    return values;
  }

  /** relu(conv2d(x)) with 3x3 kernels, stride 2 and a border of 1; NHWC. */
  private Graph layer() {
    Graph graph = new Graph("layer");
    Op in =
        graph.add(
            "x",
            "data",
            Attrs.EMPTY.with("shape", new int[] {1, H, W, IC}).with("data_type", "FLOAT32"));
    Op w = graph.addConst("w", TensorData.ofFloats(Shape.of(OC, K, K, IC), weights));
    Op b = graph.addConst("b", TensorData.ofFloats(Shape.of(OC), bias));
    Op conv =
        graph.add(
            "conv",
            "conv2d",
            Attrs.EMPTY
                .with("kernel", new int[] {K, K})
                .with("stride", new int[] {2, 2})
                .with("pad_mode", "FLOOR")
                .with("pad", new int[] {1, 1, 1, 1}),
            Map.of("input", List.of(in), "weights", List.of(w), "bias", List.of(b)));
    graph.add("y", "relu", Attrs.EMPTY, conv);
    return graph;
  }

  private float[] expected() {
    float[] y = new float[OH * OW * OC];
    for (int oh = 0; oh < OH; oh++) {
      for (int ow = 0; ow < OW; ow++) {
        for (int oc = 0; oc < OC; oc++) {
          y[(oh * OW + ow) * OC + oc] = Math.max(0, bias[oc] + window(oh, ow, oc));
        }
      }
    }
    return y;
  }

  private float window(int oh, int ow, int oc) {
    float sum = 0;
    for (int kh = 0; kh < K; kh++) {
      for (int kw = 0; kw < K; kw++) {
        int h = 2 * oh + kh - 1;
        int w = 2 * ow + kw - 1;
        for (int c = 0; h >= 0 && h < H && w >= 0 && w < W && c < IC; c++) {
          sum += x[(h * W + w) * IC + c] * weights[((oc * K + kh) * K + kw) * IC + c];
        }
      }
    }
    return sum;
  }

  @Test
  void aLayerGivesWhatPlainLoopsGive() {
    TensorData wanted = TensorData.ofFloats(Shape.of(1, OH, OW, OC), expected());
    Map<String, TensorData> input = Map.of("x", TensorData.ofFloats(Shape.of(1, H, W, IC), x));
    for (int threads : new int[] {1, 2}) {
      try (Runner runner = GraphRunner.create(layer(), new RunnerOptions(threads))) {
        assertThat(runner.execute(input)).isEqualTo(Map.of("y", wanted));
      }
    }
  }

  @Test
  void zerosAroundAMaxPoolAreValuesOfTheirOwn() {
    Graph graph = new Graph("net");
    Attrs input = Attrs.EMPTY.with("shape", new int[] {1, 2, 2, 1}).with("data_type", "FLOAT32");
    int[] far = {0, 0, 0, 1, 0, 1, 0, 0};
    Attrs zeros = Attrs.EMPTY.with("paddings", far).with("mode", "CONSTANT");
    Attrs window =
        Attrs.EMPTY
            .with("kernel", new int[] {2, 2})
            .with("stride", new int[] {1, 1})
            .with("pad_mode", "FLOOR")
            .with("pad", new int[] {0, 0, 0, 0});
    graph.add(
        "y", "maxpool2d", window, graph.add("padded", "pad", zeros, graph.add("x", "data", input)));
    TensorData negative = TensorData.ofFloats(Shape.of(1, 2, 2, 1), -1, -2, -3, -4);
    try (Runner runner = GraphRunner.create(graph, RunnerOptions.standard())) {
      assertThat(runner.execute(Map.of("x", negative)).get("y").toFloats())
          .containsExactly(-1, 0, 0, 0);
    }
  }

  @Test
  void aPartitionOfTheLayerGivesTheSame() {
    TensorData wanted = TensorData.ofFloats(Shape.of(1, OH, OW, OC), expected());
    Graph graph = layer();
    List<Stage> stages =
        StagePlan.of(
            graph,
            List.of(
                TestGraphs.part(graph, "u", Stage.USER, "x"),
                TestGraphs.part(graph, "a", Stage.CPU, "w", "b", "conv"),
                TestGraphs.part(graph, "b", Stage.CPU, "y")));
    try (Runner runner =
        GraphRunner.create(
            graph, stages, RunnerOptions.standard(), Map.of(Stage.CPU, CpuExecutor::of))) {
      TensorData input = TensorData.ofFloats(Shape.of(1, H, W, IC), x);
      assertThat(runner.execute(Map.of("x", input))).isEqualTo(Map.of("y", wanted));
    }
  }

  @Test
  void anOpThatOnnxDoesNotHaveIsRefusedByName() {
    Graph graph = layer();
    graph
        .library()
        .register(
            new OpDef(
                "mystery",
                List.of(
                    new OpDef.ArgDef("input", OpDef.Occurrence.REQUIRED, DataType.Kind.FLOAT, "")),
                List.of(),
                op -> new OpDef.Inferred(DataType.FLOAT32, op.input().output().shape()),
                ""));
    graph.add("odd", "mystery", Attrs.EMPTY, graph.op("y"));
    assertThatThrownBy(() -> GraphRunner.create(graph, RunnerOptions.standard()))
        .hasMessageStartingWith("ONNX_UNSUPPORTED_OP: ")
        .hasMessageContaining("'odd'");
  }
}
