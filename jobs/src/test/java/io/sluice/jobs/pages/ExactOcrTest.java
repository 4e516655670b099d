package io.sluice.jobs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aks.kernel.DetectionPreprocess;
import io.sluice.aks.kernel.ImageDecoder;
import io.sluice.aks.kernel.ImageLimits;
import io.sluice.aks.kernel.OrientationClassifier;
import io.sluice.aks.kernel.RecognitionPreprocess;
import io.sluice.compile.Compiler;
import io.sluice.dpu.exact.ExactEngine;
import io.sluice.dpu.exact.FixBorder;
import io.sluice.onnx.OnnxImporter;
import io.sluice.quantize.QuantizeConfig;
import io.sluice.quantize.Quantizer;
import io.sluice.quantize.Samples;
import io.sluice.target.Targets;
import io.sluice.vart.GraphRunner;
import io.sluice.vart.RunnerOptions;
import io.sluice.xir.Graph;
import io.sluice.xir.Shape;
import io.sluice.xir.Subgraph;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The fast engine gives the bytes of the reference at every border of the compiled OCR networks, on
 * what they are made for: lines and pages of text.
 */
class ExactOcrTest {
  private static final List<String> TARGETS =
      List.of("DPUCZDX8G_ISA1_B4096", "DPUCV2DX8G_ISA1_C20B14");
  private static final int CALIBRATION = 4;
  private static final Path PAGES = Path.of("src/main/resources/demo/pages");

  private final ImageDecoder decoder = new ImageDecoder(ImageLimits.standard());

  @Test
  @Tag("slow")
  void enginesAgreeOnAFewLinesAndPages() throws IOException {
    agree("ch_ppocr_mobile_v2.0_cls_infer.onnx", orientationInputs(5));
    agree("ch_PP-OCRv4_rec_infer.onnx", recognitionInputs(3));
    agree("ch_PP-OCRv4_det_infer.onnx", detectionInputs(2, 160));
  }

  @Test
  @Tag("full")
  void enginesAgreeOnAHundredLinesForTheirOrientation() throws IOException {
    agree("ch_ppocr_mobile_v2.0_cls_infer.onnx", orientationInputs(100));
  }

  @Test
  @Tag("full")
  void enginesAgreeOnAHundredLinesForTheirText() throws IOException {
    agree("ch_PP-OCRv4_rec_infer.onnx", recognitionInputs(100));
  }

  @Test
  @Tag("full")
  void enginesAgreeOnAHundredPages() throws IOException {
    agree("ch_PP-OCRv4_det_infer.onnx", detectionInputs(100, 640));
  }

  private List<TensorData> orientationInputs(int count) throws IOException {
    List<TensorData> inputs = new ArrayList<>();
    for (LineImages.LineImage line : LineImages.cut(count + CALIBRATION, 3)) {
      inputs.add(OrientationClassifier.prepare(decoder.decode(line.png())));
    }
    return inputs;
  }

  private List<TensorData> recognitionInputs(int count) throws IOException {
    List<TensorData> inputs = new ArrayList<>();
    for (LineImages.LineImage line : LineImages.cut(count + CALIBRATION, 4)) {
      TensorData tensor = RecognitionPreprocess.prepare(decoder.decode(line.png())).tensor();
      inputs.add(window(tensor, 48, 320, new Random(0)));
    }
    return inputs;
  }

  /** Square windows at random places of the shipped pages. */
  private List<TensorData> detectionInputs(int count, int side) throws IOException {
    List<TensorData> pages = new ArrayList<>();
    try (Stream<Path> files = Files.list(PAGES)) {
      for (Path file : files.filter(f -> !f.toString().endsWith(".txt")).sorted().toList()) {
        pages.add(DetectionPreprocess.prepare(decoder.decode(Files.readAllBytes(file))).tensor());
      }
    }
    Random random = new Random(5);
    List<TensorData> inputs = new ArrayList<>();
    for (int i = 0; i < count + CALIBRATION; i++) {
      inputs.add(window(pages.get(i % pages.size()), side, side, random));
    }
    return inputs;
  }

  private static TensorData window(TensorData image, int height, int width, Random random) {
    Shape shape = image.shape();
    int top = random.nextInt(shape.dim(1) - height + 1);
    int left = random.nextInt(shape.dim(2) - width + 1);
    int row = width * 3 * Float.BYTES;
    byte[] bytes = new byte[height * row];
    for (int y = 0; y < height; y++) {
      int from = ((top + y) * shape.dim(2) + left) * 3 * Float.BYTES;
      System.arraycopy(image.array(), from, bytes, y * row, row);
    }
    return TensorData.wrap(image.type(), Shape.of(1, height, width, 3), bytes);
  }

  private static void agree(String network, List<TensorData> inputs) throws IOException {
    Graph quantized = quantized(network, inputs.subList(0, CALIBRATION));
    for (String target : TARGETS) {
      agree(
          Compiler.compile(quantized, Targets.builtIn().byName(target)).graph(),
          network + " for " + target,
          inputs.subList(CALIBRATION, inputs.size()));
    }
  }

  private static Graph quantized(String network, List<TensorData> inputs) throws IOException {
    Shape shape = inputs.get(0).shape();
    try (InputStream in = ExactOcrTest.class.getResourceAsStream("/models/" + network)) {
      Graph graph =
          OnnxImporter.importModel(
              in.readAllBytes(),
              network,
              Map.of("x", new int[] {1, shape.dim(3), shape.dim(1), shape.dim(2)}));
      byte[] all = new byte[inputs.size() * inputs.get(0).array().length];
      for (int i = 0; i < inputs.size(); i++) {
        byte[] one = inputs.get(i).array();
        System.arraycopy(one, 0, all, i * one.length, one.length);
      }
      TensorData data = TensorData.wrap(inputs.get(0).type(), shape.withDim(0, inputs.size()), all);
      String name = graph.inputs().get(0).output().name();
      return Quantizer.quantize(
              graph, Samples.of(graph.inputs(), Map.of(name, data)), QuantizeConfig.standard())
          .graph();
    }
  }

  /** Inputs run beside each other, each in one thread. */
  private static void agree(Graph graph, String what, List<TensorData> inputs) {
    RunnerOptions options = RunnerOptions.standard();
    LongAdder fastNs = new LongAdder();
    LongAdder referenceNs = new LongAdder();
    LongAdder borders = new LongAdder();
    LongAdder values = new LongAdder();
    try (GraphRunner fast = GraphRunner.create(graph, options);
        GraphRunner reference =
            GraphRunner.create(graph, options.with(ExactEngine.Kind.REFERENCE))) {
      Tensor input = fast.inputTensors().get(0);
      IntStream.range(0, inputs.size())
          .parallel()
          .forEach(
              i -> {
                TensorData image = inputs.get(i);
                TensorData given =
                    input.type().isFixedPoint() ? FixBorder.toFix(image, input) : image;
                Map<String, TensorData> actual = timed(fast, given, fastNs);
                Map<String, TensorData> expected = timed(reference, given, referenceNs);
                assertThat(actual).hasSameSizeAs(expected);
                fast.execute(Map.of(input.name(), given))
                    .forEach(
                        (name, value) ->
                            assertThat(value)
                                .as("%s, input %d, output %s", what, i, name)
                                .isEqualTo(expected.get(name)));
                expected.forEach(
                    (name, value) -> {
                      assertThat(actual.get(name))
                          .as("%s, input %d, tensor %s", what, i, name)
                          .isEqualTo(value);
                      if (value.type().isFixedPoint()) {
                        borders.increment();
                        values.add(value.shape().elements());
                      }
                    });
              });
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %d inputs, %d fixed-point borders each, %d values, 0 mismatches; %s; %.0f ms fast,"
            + " %.0f ms reference an input%n",
        what,
        inputs.size(),
        borders.sum() / inputs.size(),
        values.sum(),
        shares(graph),
        fastNs.sum() / 1e6 / inputs.size(),
        referenceNs.sum() / 1e6 / inputs.size());
  }

  private static Map<String, TensorData> timed(
      GraphRunner runner, TensorData given, LongAdder nanos) {
    long start = System.nanoTime();
    Map<String, TensorData> borders =
        runner.trace(Map.of(runner.inputTensors().get(0).name(), given));
    nanos.add(System.nanoTime() - start);
    return borders;
  }

  private static String shares(Graph graph) {
    int ops = 0;
    List<String> refused = new ArrayList<>();
    int subgraphs = 0;
    for (Subgraph part : graph.root().children()) {
      if (part.device().orElseThrow().equals("DPU")) {
        subgraphs++;
        ops += (int) part.ops().stream().filter(op -> !op.isConst()).count();
        try (ExactEngine engine = ExactEngine.create(ExactEngine.Kind.FAST, part.ops(), 1)) {
          refused.addAll(engine.refused().keySet());
        }
      }
    }
    return subgraphs + " DPU subgraphs of " + ops + " ops, in the reference: " + refused;
  }
}
