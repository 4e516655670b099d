package io.sluice.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs ONNX models in ONNX Runtime and compares a model with its import, exported again. */
final class OnnxRuns {
  private OnnxRuns() {}

  /** A session of one thread. */
  static OrtSession session(byte[] model) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    return OrtEnvironment.getEnvironment().createSession(model, options);
  }

  /** The outputs by name, in the order of the model. */
  static Map<String, TensorData> run(OrtSession session, Map<String, TensorData> inputs)
      throws OrtException {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    for (Map.Entry<String, TensorData> input : inputs.entrySet()) {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      tensors.put(input.getKey(), OrtTensors.write(environment, input.getValue()));
    }
    try (OrtSession.Result result = session.run(tensors)) {
      Map<String, TensorData> outputs = new LinkedHashMap<>();
      result.forEach(e -> outputs.put(e.getKey(), OrtTensors.read((OnnxTensor) e.getValue())));
      return outputs;
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  static Map<String, TensorData> run(byte[] model, Map<String, TensorData> inputs)
      throws OrtException {
    try (OrtSession session = session(model)) {
      return run(session, inputs);
    }
  }

  /** The ops that a graph returns, in the order of the model it was imported from. */
  static List<Op> outputs(Graph graph) {
    return graph.attrs().getStrings("return_ops").stream().map(graph::op).toList();
  }

  static byte[] export(Graph graph) {
    return OnnxExporter.export(graph, graph.inputs(), outputs(graph));
  }

  /** NCHW to NHWC; other ranks stay. */
  static TensorData toXir(TensorData data) {
    return data.shape().rank() == 4 ? Layout.transpose(data, new int[] {0, 2, 3, 1}) : data;
  }

  static List<String> types(Graph graph) {
    List<String> types = new ArrayList<>();
    graph.topologicalOrder().stream()
        .map(Op::type)
        .filter(type -> !type.equals("const") && !type.equals("data"))
        .forEach(types::add);
    return types;
  }

  static float maxAbsDifference(TensorData a, TensorData b) {
    assertThat(a.shape()).isEqualTo(b.shape());
    float[] x = a.toFloats();
    float[] y = b.toFloats();
    float worst = 0;
    for (int i = 0; i < x.length; i++) {
      float d = Math.abs(x[i] - y[i]);
      worst = d <= worst ? worst : d;
    }
    return worst;
  }

  /**
   * Imports a model, exports it again, runs both on random input and requires equal outputs.
   *
   * @return the imported graph
   */
  static Graph requireSame(OnnxModelBuilder builder, int... inputShape) throws OrtException {
    byte[] model = builder.build();
    Graph graph = OnnxImporter.importModel(model, "test", Map.of("x", inputShape));
    TensorData x = OnnxModelBuilder.random(new Random(3), inputShape);
    Map<String, TensorData> expected = run(model, Map.of("x", x));
    Map<String, TensorData> actual = run(export(graph), Map.of("x", toXir(x)));
    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach(
        (name, value) -> {
          assertThat(actual.get(name).shape()).isEqualTo(toXir(value).shape());
          assertThat(maxAbsDifference(actual.get(name), toXir(value)))
              .as("output %s of %s", name, types(graph))
              .isLessThan(1e-5f * Math.max(1f, largest(value)));
        });
    for (Op op : graph.ops()) {
      assertThat(graph.producer(op.output().name())).isSameAs(op);
    }
    return graph;
  }

  private static float largest(TensorData data) {
    float largest = 0;
    for (float v : data.toFloats()) {
      largest = Math.max(largest, Math.abs(v));
    }
    return largest;
  }

  /** The shape of an op's tensor. */
  static Shape shape(Graph graph, String op) {
    return graph.op(op).output().shape();
  }
}
