package io.sluice.ort;

import ai.onnxruntime.OnnxJavaType;
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
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An ONNX model in ONNX Runtime on the CPU. The configuration is pinned - a fixed number of
 * threads, sequential operators, all optimisations that keep the result, no spinning - so that the
 * same inputs give the same bytes.
 *
 * <p>Shapes are fixed, so each concurrent run works in a set of direct buffers that is bound once
 * and used again, and allocates nothing native. Thread-safe; {@link #close} is called once, when no
 * run is under way.
 */
public final class OrtModel implements AutoCloseable {
  private final String place;
  private final List<Tensor> inputs;
  private final List<Tensor> outputs;
  private final int threads;
  private final OrtSession session;
  private final Lanes lanes;

  /**
   * @param model an ONNX model whose inputs and outputs have the names, types and shapes given;
   *     fixed-point types are its INT8 and UINT8
   * @param place names the model in messages
   * @param intraOpThreads threads that one operator is spread over; a run waits until as many cores
   *     are free of other runs of the process
   * @throws SluiceException VART_RUNNER_CONSTRUCTION_FAIL if ONNX Runtime refuses the model,
   *     XIR_INVALID_DATA_TYPE if it has no such element type
   */
  public OrtModel(
      byte[] model, List<Tensor> inputs, List<Tensor> outputs, String place, int intraOpThreads) {
    this(model, inputs, outputs, place, intraOpThreads, true);
  }

  /**
   * @param blocks whether float convolutions work in blocks of channels, which costs a copy where
   *     they stand between integer ones
   */
  public OrtModel(
      byte[] model,
      List<Tensor> inputs,
      List<Tensor> outputs,
      String place,
      int intraOpThreads,
      boolean blocks) {
    this.place = place;
    this.threads = intraOpThreads;
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    this.lanes = new Lanes(this.inputs, this.outputs, this::bind);
    requireLittleEndian();
    this.inputs.forEach(this::elementType);
    this.outputs.forEach(this::elementType);
    try (SessionOptions pinned = pinned(intraOpThreads, blocks)) {
      this.session = OrtEnvironment.getEnvironment().createSession(model, pinned);
    } catch (OrtException e) {
      throw refused("ONNX Runtime refuses the subgraph: " + e.getMessage(), e);
    }
  }

  private OnnxJavaType elementType(Tensor tensor) {
    return OrtTensors.typeOf(tensor.type(), "tensor '" + tensor.name() + "' of " + place);
  }

  private static SessionOptions pinned(int intraOpThreads, boolean blocks) throws OrtException {
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
    pinned.addConfigEntry(
        "optimization.disable_specified_optimizers",
        blocks ? "Pad_Fusion" : "Pad_Fusion;NchwcTransformer");
    // It would make one rounding of two.
    pinned.addConfigEntry("session.disable_quant_qdq", "1");
    pinned.addConfigEntry("session.intra_op.allow_spinning", "0");
    pinned.addConfigEntry("session.inter_op.allow_spinning", "0");
    return pinned;
  }

  /**
   * Binds the model to memory: the buffers of its inputs and outputs are read and written in place.
   */
  public BoundRun bind(TensorBuffers memory) {
    Bound bound = new Bound();
    try {
      bound.bind(inputs, memory, bound.in);
      bound.bind(outputs, memory, bound.out);
      return bound;
    } catch (OrtException e) {
      bound.close();
      throw refused(e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      bound.close();
      throw e;
    }
  }

  /**
   * @param values at least a value for each input, by name, of its type and shape
   * @return the value of each output, by name
   * @throws SluiceException VART_GRAPH_ERROR if ONNX Runtime fails
   */
  public Map<String, TensorData> run(Map<String, TensorData> values) {
    return lanes.run(values);
  }

  /** The session over the memory of one run. */
  private final class Bound implements BoundRun {
    private final Map<String, OnnxTensor> in = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> out = new LinkedHashMap<>();

    private void bind(List<Tensor> tensors, TensorBuffers memory, Map<String, OnnxTensor> bound)
        throws OrtException {
      for (Tensor tensor : tensors) {
        long[] dims = Arrays.stream(tensor.shape().toArray()).asLongStream().toArray();
        bound.put(
            tensor.name(),
            OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(),
                memory.of(tensor).bytes(),
                dims,
                elementType(tensor)));
      }
    }

    @Override
    public void run() {
      try (Cores.Use cores = Cores.ALL.take(threads)) {
        session.run(in, out).close();
      } catch (OrtException e) {
        throw new SluiceException(
            ErrorCode.VART_GRAPH_ERROR,
            "ONNX Runtime failed: " + e.getMessage(),
            place,
            "check the model with these inputs",
            e);
      }
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
    lanes.close();
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
