package io.sluice.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.OrtTensors;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * An ONNX model in ONNX Runtime on the CPU. The configuration is pinned - a fixed number of
 * threads, sequential operators, all optimisations that keep the result, no spinning - so that the
 * same inputs give the same bytes.
 *
 * <p>Shapes are fixed, so each concurrent run works in a set of direct buffers that is bound once
 * and used again: a run copies its inputs in and its outputs out, and allocates nothing native.
 * Thread-safe; {@link #close} is called once, when no run is under way.
 */
public final class OrtModel implements AutoCloseable {
  private final String place;
  private final List<Tensor> inputs;
  private final List<Tensor> outputs;
  private final OrtSession session;
  private final ConcurrentLinkedDeque<Buffers> idle = new ConcurrentLinkedDeque<>();

  /**
   * @param model an ONNX model whose inputs and outputs have the names, types and shapes given;
   *     fixed-point types are its INT8 and UINT8
   * @param place names the model in messages
   * @param intraOpThreads threads that one operator is spread over
   * @throws SluiceException VART_RUNNER_CONSTRUCTION_FAIL if ONNX Runtime refuses the model
   */
  public OrtModel(
      byte[] model, List<Tensor> inputs, List<Tensor> outputs, String place, int intraOpThreads) {
    this.place = place;
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    requireLittleEndian();
    try (SessionOptions pinned = pinned(intraOpThreads)) {
      this.session = OrtEnvironment.getEnvironment().createSession(model, pinned);
    } catch (OrtException e) {
      throw refused("ONNX Runtime refuses the subgraph: " + e.getMessage(), e);
    }
    try {
      idle.push(new Buffers());
    } catch (OrtException | RuntimeException e) {
      close();
      throw e instanceof SluiceException known ? known : refused(e.getMessage(), e);
    }
  }

  private static SessionOptions pinned(int intraOpThreads) throws OrtException {
    SessionOptions pinned = new SessionOptions();
    pinned.setIntraOpNumThreads(intraOpThreads);
    pinned.setInterOpNumThreads(1);
    pinned.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
    pinned.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    pinned.setDeterministicCompute(true);
    pinned.setMemoryPatternOptimization(true);
    pinned.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    // It would take zeros that are padded before a max pool for the pool's own padding, which is
    // below every value.
    pinned.addConfigEntry("optimization.disable_specified_optimizers", "Pad_Fusion");
    pinned.addConfigEntry("session.intra_op.allow_spinning", "0");
    pinned.addConfigEntry("session.inter_op.allow_spinning", "0");
    return pinned;
  }

  /**
   * @param values at least a value for each input, by name, of its type and shape
   * @return the value of each output, by name
   * @throws SluiceException VART_GRAPH_ERROR if ONNX Runtime fails
   */
  public Map<String, TensorData> run(Map<String, TensorData> values) {
    try {
      Buffers buffers = idle.poll();
      if (buffers == null) {
        buffers = new Buffers();
      }
      try {
        return buffers.run(values);
      } finally {
        idle.push(buffers);
      }
    } catch (OrtException e) {
      throw new SluiceException(
          ErrorCode.VART_GRAPH_ERROR,
          "ONNX Runtime failed: " + e.getMessage(),
          place,
          "check the model with these inputs",
          e);
    }
  }

  /** The bound tensors of one run. */
  private final class Buffers implements AutoCloseable {
    private final Map<String, OnnxTensor> in = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> out = new LinkedHashMap<>();
    private final List<ByteBuffer> inBytes = new ArrayList<>();
    private final List<ByteBuffer> outBytes = new ArrayList<>();

    Buffers() throws OrtException {
      try {
        bind(inputs, in, inBytes);
        bind(outputs, out, outBytes);
      } catch (OrtException | RuntimeException | Error e) {
        close();
        throw e;
      }
    }

    private void bind(List<Tensor> tensors, Map<String, OnnxTensor> bound, List<ByteBuffer> bytes)
        throws OrtException {
      for (Tensor tensor : tensors) {
        long[] dims = new long[tensor.shape().rank()];
        for (int i = 0; i < dims.length; i++) {
          dims[i] = tensor.shape().dim(i);
        }
        int size = Math.multiplyExact(tensor.shape().elements(), tensor.type().bytes());
        ByteBuffer buffer = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        bytes.add(buffer);
        bound.put(
            tensor.name(),
            OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(),
                buffer,
                dims,
                OrtTensors.typeOf(tensor.type(), "tensor '" + tensor.name() + "' of " + place)));
      }
    }

    Map<String, TensorData> run(Map<String, TensorData> values) throws OrtException {
      for (int i = 0; i < inputs.size(); i++) {
        inBytes.get(i).put(0, values.get(inputs.get(i).name()).array());
      }
      session.run(in, out).close();
      Map<String, TensorData> results = new LinkedHashMap<>();
      for (int i = 0; i < outputs.size(); i++) {
        byte[] bytes = new byte[outBytes.get(i).capacity()];
        outBytes.get(i).get(0, bytes);
        Tensor tensor = outputs.get(i);
        results.put(tensor.name(), TensorData.wrap(tensor.type(), tensor.shape(), bytes));
      }
      return results;
    }

    @Override
    public void close() {
      in.values().forEach(OnnxTensor::close);
      out.values().forEach(OnnxTensor::close);
    }
  }

  private SluiceException refused(String thing, Exception cause) {
    return new SluiceException(
        ErrorCode.VART_RUNNER_CONSTRUCTION_FAIL, thing, place, "check the model's ops", cause);
  }

  private void requireLittleEndian() {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw refused("this machine is big-endian, tensors are little-endian", null);
    }
  }

  @Override
  public void close() {
    for (Buffers buffers = idle.poll(); buffers != null; buffers = idle.poll()) {
      buffers.close();
    }
    try {
      session.close();
    } catch (OrtException e) {
      throw new SluiceException(
          ErrorCode.VART_GRAPH_ERROR,
          "ONNX Runtime cannot free the session (" + e.getMessage() + ")",
          place,
          "end the process if its memory is needed",
          e);
    }
  }
}
