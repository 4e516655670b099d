package io.sluice.vart.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.compile.Compiler;
import io.sluice.dpu.exact.ExactEngine;
import io.sluice.onnx.OnnxImporter;
import io.sluice.quantize.QuantizeConfig;
import io.sluice.quantize.Quantizer;
import io.sluice.target.Targets;
import io.sluice.vart.FloatInputs;
import io.sluice.vart.GraphRunner;
import io.sluice.vart.Runner;
import io.sluice.vart.RunnerOptions;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import io.sluice.xir.XModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guide's custom-op workflow, with its two examples: define the op, implement it, name both in
 * META-INF/services, then quantize, compile and run as any network.
 */
class CustomOpTest {
  private static final RunnerOptions OPTIONS = RunnerOptions.standard();
  private static final int SIDE = 12;
  private static final int PILLARS = 40;

  private final Random random = new Random(3);

  @TempDir private Path folder;

  private TensorData random(int... dims) {
    float[] values = new float[Shape.of(dims).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return TensorData.ofFloats(Shape.of(dims), values);
  }

  /** Pillars at random places, some on one place, every fifth empty. */
  private TensorData places() {
    float[] values = new float[PILLARS * 4];
    for (int p = 0; p < PILLARS; p++) {
      values[4 * p] = p % 5 == 4 ? -1 : 0;
      values[4 * p + 2] = random.nextInt(SIDE);
      values[4 * p + 3] = random.nextInt(SIDE);
    }
    return TensorData.ofFloats(Shape.of(1, PILLARS, 4), values);
  }

  /** Convolutions around a PReLU with a slope for every position. */
  private static byte[] layered(String domain, String type) {
    OnnxNet net = new OnnxNet().input("x", 1, 3, SIDE, SIDE);
    net.conv("first", "x", 16, 3, 3);
    net.constant("alpha", 16, SIDE, SIDE);
    net.node(domain, type, "layer", List.of("first", "alpha"));
    net.conv("y", "layer", 24, 16, 5);
    return net.build("y");
  }

  private Graph compiled(Graph graph, List<Map<String, TensorData>> samples, String file) {
    Graph quantized =
        Quantizer.quantize(List.of(graph), samples, QuantizeConfig.standard()).get(0).graph();
    Path path = folder.resolve(file);
    XModel.write(
        Compiler.compile(quantized, Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096")).graph(),
        path);
    return XModel.read(path);
  }

  private static List<String> devices(Graph graph) {
    return graph.root().children().stream()
        .map(child -> child.attrs().getString("device"))
        .toList();
  }

  /** ONNX's own PRelu of these slopes stays a node that ONNX Runtime runs: a second opinion. */
  @Test
  void aPReluLayerGivesTheBytesOfOnnxRuntimesPRelu() {
    List<Map<String, TensorData>> samples = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      samples.add(Map.of("x", random(1, SIDE, SIDE, 3)));
    }
    Graph own =
        compiled(
            OnnxImporter.importModel(layered(OnnxNet.DOMAIN, ExampleOps.PRELU), "own", Map.of()),
            samples,
            "own.xmodel");
    Graph onnx =
        compiled(
            OnnxImporter.importModel(layered("", "PRelu"), "onnx", Map.of()),
            samples,
            "onnx.xmodel");
    assertThat(devices(own)).containsExactly("USER", "DPU", "CPU", "DPU", "CPU");
    assertThat(own.ops()).extracting(Op::type).contains(ExampleOps.PRELU);
    assertThat(onnx.ops()).extracting(Op::type).contains("onnx::PRelu");
    RunnerOptions reference = OPTIONS.with(ExactEngine.Kind.REFERENCE);
    try (GraphRunner runner = GraphRunner.create(own, OPTIONS);
        GraphRunner exact = GraphRunner.create(own, reference);
        GraphRunner second = GraphRunner.create(onnx, OPTIONS)) {
      for (Map<String, TensorData> sample : samples) {
        Map<String, TensorData> result = FloatInputs.of(runner).execute(sample);
        assertThat(result)
            .isEqualTo(FloatInputs.of(exact).execute(sample))
            .isEqualTo(FloatInputs.of(second).execute(sample));
      }
    }
  }

  @Test
  void pillarsAreScatteredBetweenConvolutions() {
    OnnxNet net = new OnnxNet().input("pillars", 1, 9, PILLARS, 1).input("places", 1, PILLARS, 4);
    TensorData inner = net.conv("features", "pillars", 8, 9, 1);
    net.node(
        OnnxNet.DOMAIN,
        ExampleOps.SCATTER,
        "map",
        List.of("features", "places"),
        OnnxNet.integer("ny", SIDE),
        OnnxNet.integer("nx", SIDE),
        OnnxNet.integer("nchannels", 8));
    TensorData outer = net.conv("y", "map", 32, 8, 5);
    Graph graph = OnnxImporter.importModel(net.build("y"), "pillars", Map.of());
    List<Map<String, TensorData>> samples = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      samples.add(Map.of("pillars", random(1, PILLARS, 1, 9), "places", places()));
    }
    Graph compiled = compiled(graph, samples, "pillars.xmodel");
    assertThat(devices(compiled)).containsExactly("USER", "USER", "DPU", "CPU", "DPU", "CPU");
    try (GraphRunner floats = GraphRunner.create(graph, OPTIONS);
        GraphRunner dpu = GraphRunner.create(compiled, OPTIONS)) {
      for (Map<String, TensorData> sample : samples) {
        float[] expected = expected(sample, inner.toFloats(), outer.toFloats());
        assertThat(only(floats.execute(sample))).containsExactly(expected, within(1e-4f));
        assertThat(worst(only(FloatInputs.of(dpu).execute(sample)), expected))
            .isLessThan(0.05f * worst(expected, new float[expected.length]));
      }
      float[] beyond = samples.get(0).get("places").toFloats();
      beyond[3] = SIDE;
      Map<String, TensorData> bad =
          Map.of(
              "pillars",
              samples.get(0).get("pillars"),
              "places",
              TensorData.ofFloats(Shape.of(1, PILLARS, 4), beyond));
      assertThatThrownBy(() -> floats.execute(bad))
          .hasMessageStartingWith("VART_OUT_OF_RANGE: pillar 0");
    }
  }

  private static float[] only(Map<String, TensorData> results) {
    assertThat(results).hasSize(1);
    return results.values().iterator().next().toFloats();
  }

  private static float worst(float[] a, float[] b) {
    float worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs(a[i] - b[i]));
    }
    return worst;
  }

  /** For each place of the result, over the pillars that its window sees; NHWC. */
  private static float[] expected(
      Map<String, TensorData> sample, float[] innerWeights, float[] outerWeights) {
    float[] pillars = sample.get("pillars").toFloats();
    float[] places = sample.get("places").toFloats();
    float[] result = new float[SIDE * SIDE * 32];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        for (int k = 0; k < 25; k++) {
          int pillar = last(places, y + k / 5 - 2, x + k % 5 - 2);
          for (int c = 0; pillar >= 0 && c < 8; c++) {
            float feature = 0;
            for (int i = 0; i < 9; i++) {
              feature += pillars[pillar * 9 + i] * innerWeights[c * 9 + i];
            }
            for (int o = 0; o < 32; o++) {
              result[(y * SIDE + x) * 32 + o] += feature * outerWeights[(o * 8 + c) * 25 + k];
            }
          }
        }
      }
    }
    return result;
  }

  private static int last(float[] places, int y, int x) {
    for (int p = PILLARS - 1; p >= 0; p--) {
      if (places[4 * p] == 0 && places[4 * p + 2] == y && places[4 * p + 3] == x) {
        return p;
      }
    }
    return -1;
  }

  private static Op data(Graph graph, String name, int... shape) {
    return graph.add(name, "data", Attrs.EMPTY.with("shape", shape).with("data_type", "FLOAT32"));
  }

  /** Custom ops on one another, a result that is read twice, and constants on both sides. */
  @Test
  void customOpsAndOnnxRuntimeTakeTurns() {
    Graph graph = new Graph("turns");
    Op x = data(graph, "x", 1, 2, 2);
    Op negative = graph.add("negative", "neg", Attrs.EMPTY, x);
    Op alpha = graph.addConst("alpha", TensorData.ofFloats(Shape.of(2, 2), 0.5f, 0.25f, 2f, 4f));
    Op layer = graph.add("layer", ExampleOps.PRELU, Attrs.EMPTY, negative, alpha);
    Op again = graph.add("again", ExampleOps.PRELU, Attrs.EMPTY, layer, alpha);
    Op sum = graph.add("sum", "add", Attrs.EMPTY, again, negative, alpha);
    graph.add("y", ExampleOps.PRELU, Attrs.EMPTY, sum, alpha);
    graph.add("z", "add", Attrs.EMPTY, sum, layer);
    try (Runner runner = GraphRunner.create(graph, OPTIONS)) {
      TensorData given = TensorData.ofFloats(Shape.of(1, 2, 2), 1, 2, -3, 4);
      Map<String, TensorData> results = runner.execute(Map.of("x", given));
      // again: -0.25, -0.125, 3, -64; sum adds -1, -2, 3, -4 and 0.5, 0.25, 2, 4
      assertThat(results.get("y").toFloats()).containsExactly(-0.375f, -0.46875f, 8, -256);
      assertThat(results.get("z").toFloats()).containsExactly(-1.25f, -2.375f, 11, -80);
    }
  }

  @Test
  void aDefinitionChecksWhatFeedsTheOp() {
    Graph graph = new Graph("bad");
    Op x = data(graph, "x", 1, 2, 2);
    Op alpha = graph.addConst("alpha", TensorData.ofFloats(Shape.of(3), 1, 2, 3));
    assertThatThrownBy(() -> graph.add("y", ExampleOps.PRELU, Attrs.EMPTY, x, alpha))
        .hasMessageStartingWith("XIR_SHAPE_UNMATCH: alpha [3]");
  }

  @Test
  void aTypeWithoutImplementationIsNamedWithTheRemedy() {
    Graph graph = new Graph("unknown");
    Attrs attrs = Attrs.EMPTY.with("shape", new int[] {1, 2}).with("data_type", "FLOAT32");
    graph.add("odd", "no-such-op", attrs, data(graph, "x", 1, 2));
    assertThatThrownBy(() -> GraphRunner.create(graph, OPTIONS))
        .hasMessageStartingWith(
            "ONNX_UNSUPPORTED_OP: op type 'no-such-op' has no form in ONNX and no implementation")
        .hasMessageContaining("op 'odd'")
        .hasMessageContaining("io.sluice.xir.custom.OpImplementation");
  }
}
