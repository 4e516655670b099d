package io.sluice.jobs.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.proto.ModelProto;
import io.sluice.onnx.proto.NodeProto;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A QDQ network in ONNX Runtime's own integer kernels, configured as {@link io.sluice.ort.OrtModel}
 * is, and which kernels the session that is timed consists of. One run at a time.
 */
final class StockInt8 implements AutoCloseable {
  private final String place;
  private final List<Tensor> outputs;
  private final OrtSession session;
  private final SortedMap<String, Integer> kernels;
  private final Map<String, OnnxTensor> in = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> out = new LinkedHashMap<>();
  private final Map<String, ByteBuffer> memory = new LinkedHashMap<>();

  /**
   * @param signed keeps INT8 activations, of which ONNX Runtime makes UINT8 on x86 otherwise
   */
  StockInt8(
      byte[] onnx,
      List<Tensor> inputs,
      List<Tensor> outputs,
      String place,
      int threads,
      boolean signed) {
    this.place = place;
    this.outputs = List.copyOf(outputs);
    try {
      Path optimised = Files.createTempFile("sluice-int8", ".onnx");
      try (SessionOptions options = options(threads, signed)) {
        options.setOptimizedModelFilePath(optimised.toString());
        this.session = OrtEnvironment.getEnvironment().createSession(onnx, options);
        this.kernels = kernels(optimised);
      } finally {
        Files.deleteIfExists(optimised);
      }
    } catch (OrtException e) {
      throw failed(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      bind(inputs, in);
      bind(outputs, out);
    } catch (OrtException e) {
      close();
      throw failed(e);
    }
  }

  private static SessionOptions options(int threads, boolean signed) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    // It warns that a model optimised for one processor is written to a file.
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    options.addConfigEntry("optimization.disable_specified_optimizers", "Pad_Fusion");
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.addConfigEntry("session.inter_op.allow_spinning", "0");
    if (signed) {
      options.addConfigEntry("session.qdqisint8allowed", "1");
    }
    return options;
  }

  private static SortedMap<String, Integer> kernels(Path optimised) throws IOException {
    SortedMap<String, Integer> kernels = new TreeMap<>();
    for (NodeProto node :
        ModelProto.parseFrom(Files.readAllBytes(optimised)).getGraph().getNodeList()) {
      kernels.merge(node.getOpType(), 1, Integer::sum);
    }
    return kernels;
  }

  private void bind(List<Tensor> tensors, Map<String, OnnxTensor> bound) throws OrtException {
    for (Tensor tensor : tensors) {
      int elements = tensor.shape().elements();
      int bytes = Math.multiplyExact(elements, Float.BYTES);
      ByteBuffer buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
      long[] dims = Arrays.stream(tensor.shape().toArray()).asLongStream().toArray();
      memory.put(tensor.name(), buffer);
      bound.put(
          tensor.name(),
          OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), buffer.asFloatBuffer(), dims));
    }
  }

  /** How many nodes of each type ONNX Runtime is left with, by name. */
  SortedMap<String, Integer> kernels() {
    return kernels;
  }

  /** Outputs by name, in the order given. */
  Map<String, TensorData> run(Map<String, TensorData> values) {
    in.keySet().forEach(name -> memory.get(name).put(0, values.get(name).array()));
    try {
      session.run(in, out).close();
    } catch (OrtException e) {
      throw failed(e);
    }
    Map<String, TensorData> results = new LinkedHashMap<>();
    for (Tensor output : outputs) {
      byte[] bytes = new byte[memory.get(output.name()).capacity()];
      memory.get(output.name()).get(0, bytes);
      results.put(output.name(), TensorData.wrap(output.type(), output.shape(), bytes));
    }
    return results;
  }

  private SluiceException failed(OrtException cause) {
    return new SluiceException(
        ErrorCode.VART_RUNNER_CONSTRUCTION_FAIL,
        "ONNX Runtime failed: " + cause.getMessage(),
        place,
        "check the network",
        cause);
  }

  @Override
  public void close() {
    in.values().forEach(OnnxTensor::close);
    out.values().forEach(OnnxTensor::close);
    try {
      session.close();
    } catch (OrtException e) {
      throw failed(e);
    }
  }
}
