package io.sluice.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.sluice.onnx.proto.ModelProto;
import io.sluice.onnx.proto.NodeProto;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QdqExporterTest {
  private static final int CHANNELS = 8;
  private static final Shape IMAGE = Shape.of(1, 6, 6, CHANNELS);
  private static final int POSITION = 5;

  /** Weights within 31: sums of two products with a byte fit in 16 bits, with VNNI or without. */
  private static final int LARGEST_WEIGHT = 31;

  private final Graph graph = new Graph("test");
  private final Random random = new Random(11);

  @TempDir private Path folder;

  private static Attrs position(int position) {
    return Attrs.EMPTY
        .with("fix_point", position)
        .with("bit_width", 8)
        .with("round_mode", "DPU_ROUND")
        .with("if_signed", true);
  }

  private Op fix(Op op, int position) {
    return graph.add(op.name() + "_fix", "fix", position(position), op);
  }

  private Op image() {
    Attrs attrs = Attrs.EMPTY.with("shape", IMAGE.toArray()).with("data_type", "FLOAT32");
    return fix(graph.add("in", "data", attrs), POSITION);
  }

  private Op constant(String name, int position, Shape shape) {
    float[] values = new float[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      int q = random.nextInt(2 * LARGEST_WEIGHT + 1) - LARGEST_WEIGHT;
      values[i] = (float) Math.scalb(q, -position);
    }
    return fix(graph.addConst(name, TensorData.ofFloats(shape, values)), position);
  }

  private Op convolution(String name, Op from) {
    Op weights = constant(name + "_w", 8, Shape.of(CHANNELS, 3, 3, CHANNELS));
    Op bias = constant(name + "_b", 6, Shape.of(CHANNELS));
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", new int[] {3, 3})
            .with("stride", new int[] {1, 1})
            .with("pad", new int[] {1, 1, 1, 1})
            .with("pad_mode", "FLOOR");
    return graph.add(
        name,
        "conv2d",
        attrs,
        Map.of("input", List.of(from), "weights", List.of(weights), "bias", List.of(bias)));
  }

  private Op activation(String type, Op from) {
    return graph.add(from.name() + "_" + type, type, Attrs.EMPTY, from);
  }

  private TensorData noise() {
    float[] values = new float[IMAGE.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return TensorData.ofFloats(IMAGE, values);
  }

  private Set<String> optimised(byte[] model, boolean signed) throws Exception {
    Path file = folder.resolve("optimised.onnx");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      options.setOptimizedModelFilePath(file.toString());
      options.addConfigEntry("session.qdqisint8allowed", signed ? "1" : "0");
      OrtEnvironment.getEnvironment().createSession(model, options).close();
    }
    return ModelProto.parseFrom(Files.readAllBytes(file)).getGraph().getNodeList().stream()
        .map(NodeProto::getOpType)
        .collect(Collectors.toSet());
  }

  private Op block(Op image, String type) {
    Op first = fix(activation(type, convolution("first", image)), POSITION);
    Op second = fix(convolution("second", first), POSITION);
    Op sum = graph.add("sum", "add", Attrs.EMPTY, first, second);
    return fix(activation(type, sum), POSITION);
  }

  @Test
  void convolutionsAndSumsBecomeIntegerKernelsWithTheActivationsBehindThem() throws Exception {
    for (String type : List.of("relu", "relu6")) {
      QdqExporterTest test = new QdqExporterTest();
      test.folder = folder;
      Op image = test.image();
      List<Op> inputs = List.of(image.input());
      List<Op> outputs = List.of(test.block(image, type));
      Set<String> u8s8 = test.optimised(QdqExporter.exportU8s8(test.graph, inputs, outputs), false);
      Set<String> s8s8 = test.optimised(QdqExporter.exportS8s8(test.graph, inputs, outputs), true);
      assertThat(u8s8).as(type).contains("QLinearConv", "QLinearAdd").isEqualTo(s8s8);
      assertThat(u8s8).as(type).doesNotContain("Conv", "FusedConv", "Add", "Relu", "Clip");
    }
  }

  @Test
  void aReluThatAPoolMovesStaysWithItsConvolution() throws Exception {
    Op image = image();
    Op relu = fix(activation("relu", convolution("first", image)), POSITION);
    Attrs pair =
        Attrs.EMPTY
            .with("kernel", new int[] {2, 2})
            .with("stride", new int[] {2, 2})
            .with("pad", new int[] {0, 0, 0, 0})
            .with("pad_mode", "FLOOR");
    Op pooled = fix(graph.add("pool", "maxpool2d", pair, relu), POSITION);
    Op last = fix(convolution("last", pooled), POSITION);
    byte[] model = QdqExporter.exportU8s8(graph, List.of(image.input()), List.of(last));
    assertThat(optimised(model, false))
        .containsExactlyInAnyOrder(
            "QuantizeLinear", "QLinearConv", "NhwcMaxPool", "DequantizeLinear");
  }

  @Test
  void aConvolutionOfIntegersGivesTheValuesOfThePlainForm() throws Exception {
    Op image = image();
    List<Op> inputs = List.of(image.input());
    List<Op> outputs = List.of(fix(convolution("only", image), POSITION));
    byte[] plain = QdqExporter.export(graph, inputs, outputs);
    assertThat(optimised(plain, false)).doesNotContain("QLinearConv");
    for (int i = 0; i < 20; i++) {
      Map<String, TensorData> fed = Map.of("in", noise());
      Map<String, TensorData> wanted = OnnxRuns.run(plain, fed);
      assertThat(OnnxRuns.run(QdqExporter.exportU8s8(graph, inputs, outputs), fed))
          .isEqualTo(wanted);
      assertThat(OnnxRuns.run(QdqExporter.exportS8s8(graph, inputs, outputs), fed))
          .isEqualTo(wanted);
    }
  }
}
