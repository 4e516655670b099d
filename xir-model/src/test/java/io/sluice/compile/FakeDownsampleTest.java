package io.sluice.compile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.sluice.onnx.OnnxExporter;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FakeDownsampleTest {
  private final QuantizedNet net = new QuantizedNet("net");

  private static int stride(Graph graph, String op) {
    return graph.op(op).attrs().getInts("stride")[0];
  }

  /** A residual block whose result only convolutions with stride 2 read. */
  private void lastBlockOfAStage() {
    Op x = net.convRelu("x", net.input(1, 8, 8, 8), 8, 3, 1);
    Op b = net.convRelu("b", net.convRelu("a", x, 8, 1, 1), 8, 3, 1);
    Op c = net.conv("c", b, 8, 1, 1);
    Op sum = net.fix(net.op("r", "relu", net.op("s", "add", c, x)));
    net.conv("d", sum, 16, 1, 2);
    net.convRelu("e", sum, 8, 1, 2);
  }

  @Test
  void theStrideMovesUpToTheLastConvolutionThatIsLarger() {
    lastBlockOfAStage();
    Graph after = FakeDownsample.apply(net.graph());
    assertThat(stride(after, "d")).isEqualTo(1);
    assertThat(stride(after, "e")).isEqualTo(1);
    assertThat(stride(after, "c")).isEqualTo(1);
    assertThat(stride(after, "b")).isEqualTo(2);
    assertThat(stride(after, "a")).isEqualTo(1);
    assertThat(after.op("s").output().shape()).isEqualTo(Shape.of(1, 4, 4, 8));
    assertThat(after.op("d").output()).isEqualTo(net.graph().op("d").output());
  }

  @Test
  void aSummandThatOthersNeedWholeIsSampled() {
    lastBlockOfAStage();
    Graph after = FakeDownsample.apply(net.graph());
    Op slice = after.op("s").inputs("input").get(1);
    assertThat(slice.type()).isEqualTo("strided_slice");
    assertThat(slice.attrs().getInts("strides")).containsExactly(1, 2, 2, 1);
    assertThat(slice.input().name()).isEqualTo("x_relu_fix");
    assertThat(after.op("x").output().shape()).isEqualTo(Shape.of(1, 8, 8, 8));
  }

  @Test
  void valuesThatAreKeptDoNotChange() throws OrtException {
    lastBlockOfAStage();
    assertThat(run(FakeDownsample.apply(net.graph()))).isEqualTo(run(net.graph()));
  }

  /** All outputs for one random input; all values lie on a grid, so floats hold them exactly. */
  private static List<List<Float>> run(Graph graph) throws OrtException {
    byte[] model = OnnxExporter.export(graph, graph.inputs(), graph.outputs());
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    List<List<Float>> results = new ArrayList<>();
    try (OrtSession session = environment.createSession(model)) {
      Map.Entry<String, NodeInfo> input = session.getInputInfo().entrySet().iterator().next();
      long[] shape = ((TensorInfo) input.getValue().getInfo()).getShape();
      Random random = new Random(11);
      FloatBuffer values = FloatBuffer.allocate(512);
      while (values.hasRemaining()) {
        values.put(random.nextFloat() * 4 - 2);
      }
      values.rewind();
      try (OnnxTensor tensor = OnnxTensor.createTensor(environment, values, shape);
          OrtSession.Result result = session.run(Map.of(input.getKey(), tensor))) {
        for (Map.Entry<String, OnnxValue> output : result) {
          FloatBuffer floats = ((OnnxTensor) output.getValue()).getFloatBuffer();
          List<Float> list = new ArrayList<>();
          while (floats.hasRemaining()) {
            list.add(floats.get());
          }
          results.add(list);
        }
      }
    }
    assertThat(results).hasSize(2);
    assertThat(results.get(0).stream().distinct().count()).isGreaterThan(10);
    return results;
  }

  @Test
  void anotherReaderKeepsTheStrideWhereItIs() {
    Op x = net.convRelu("x", net.input(1, 8, 8, 8), 8, 3, 1);
    net.conv("d", x, 16, 1, 2);
    net.conv("e", x, 8, 1, 1);
    assertThat(FakeDownsample.apply(net.graph())).isSameAs(net.graph());
  }

  @Test
  void aResultOfTheGraphIsMadeWhole() {
    Op x = net.convRelu("x", net.input(1, 8, 8, 8), 8, 3, 1);
    net.conv("d", x, 16, 1, 2);
    net.graph()
        .setAttrs(
            net.graph()
                .attrs()
                .with("return_ops", AttrValue.ofStrings(List.of("x_relu_fix", "d_fix"))));
    assertThat(FakeDownsample.apply(net.graph())).isSameAs(net.graph());
  }

  @Test
  void anInputIsReadWithTheStride() {
    net.conv("d", net.input(1, 8, 8, 8), 16, 1, 2);
    assertThat(FakeDownsample.apply(net.graph())).isSameAs(net.graph());
  }

  @Test
  void strideTimesStrideStaysWithinWhatEnginesCanDo() {
    Op x = net.convRelu("x", net.input(1, 32, 32, 8), 8, 3, 4);
    net.conv("d", x, 16, 1, 2);
    assertThat(FakeDownsample.apply(net.graph())).isSameAs(net.graph());
  }
}
