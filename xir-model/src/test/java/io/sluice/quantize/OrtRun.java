package io.sluice.quantize;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sluice.optimize.Rewrite;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A graph in ONNX Runtime; its first output. */
final class OrtRun implements AutoCloseable {
  /** From a graph, its inputs and its outputs to a model. */
  @FunctionalInterface
  interface Export {
    byte[] export(Graph graph, List<Op> inputs, List<Op> outputs);
  }

  private final OrtSession session;

  private OrtRun(OrtSession session) {
    this.session = session;
  }

  static OrtRun of(Graph graph, Export export) throws OrtException {
    List<Op> outputs = List.copyOf(Rewrite.outputs(graph));
    byte[] model = export.export(graph, graph.inputs(), outputs);
    return new OrtRun(
        OrtEnvironment.getEnvironment().createSession(model, new OrtSession.SessionOptions()));
  }

  float[] run(Map<String, TensorData> sample) throws OrtException {
    Map<String, OnnxTensor> fed = new HashMap<>();
    for (Map.Entry<String, TensorData> e : sample.entrySet()) {
      long[] shape = Arrays.stream(e.getValue().shape().toArray()).asLongStream().toArray();
      FloatBuffer values = FloatBuffer.wrap(e.getValue().toFloats());
      fed.put(e.getKey(), OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values, shape));
    }
    try (OrtSession.Result result = session.run(fed)) {
      FloatBuffer out = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] values = new float[out.remaining()];
      out.get(values);
      return values;
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
