package io.sluice.dpu.exact;

import io.sluice.ort.BoundRun;
import io.sluice.ort.TensorBuffers;
import io.sluice.xir.Op;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Runs the ops of a DPU subgraph and gives the bytes that the DPU gives. Engines of either kind
 * agree to the byte; runs may be concurrent.
 */
public interface ExactEngine extends AutoCloseable {

  /** The two implementations. */
  enum Kind {
    /** Plain loops: the definition. */
    REFERENCE,
    /** ONNX Runtime where that is proved to be equal, else plain loops. */
    FAST
  }

  /** In what FAST does the sums of convolutions; the bytes are the same. */
  enum Sums {
    /** In 32-bit integers, in ONNX Runtime's INT8 kernels. */
    INTEGERS,
    /** In floats that hold integers. */
    FLOATS,
    /** In plain loops, since ONNX Runtime is not exact on this machine. */
    REFERENCE
  }

  /**
   * What this machine is found to be exact in.
   *
   * @param intraOpThreads threads that one op is spread over
   */
  static Sums sums(int intraOpThreads) {
    return Lowerings.ofThisMachine(intraOpThreads)
        .map(lowerings -> lowerings.inBytes() ? Sums.INTEGERS : Sums.FLOATS)
        .orElse(Sums.REFERENCE);
  }

  /** What the subgraph reads from outside. */
  List<Tensor> inputs();

  /** What is read outside the subgraph, or by nothing. */
  List<Tensor> outputs();

  /**
   * @param tensors a value for each of {@link #inputs} by tensor name; others are ignored
   * @return a value for each of {@link #outputs} by tensor name
   * @throws io.sluice.error.SluiceException VART_TENSOR_INFO_ERROR for a missing input,
   *     VART_SIZE_MISMATCH for one of another type or shape
   */
  Map<String, TensorData> run(Map<String, TensorData> tensors);

  /**
   * Binds the engine to memory: the buffers of {@link #inputs} are read and those of {@link
   * #outputs} written in place.
   */
  BoundRun bind(TensorBuffers memory);

  /** Why an op does not run in ONNX Runtime though the engine is FAST, by the op's name. */
  default Map<String, String> refused() {
    return Map.of();
  }

  @Override
  void close();

  /**
   * An engine for a subgraph. FAST runs as many ops in ONNX Runtime as can be proved equal, logs
   * why others are not, and is the reference altogether on a machine that fails {@link
   * PlatformCanary}.
   *
   * @param ops the ops of the subgraph, of one graph, in any order
   * @param intraOpThreads threads that FAST spreads one op over; the results do not depend on it
   * @throws io.sluice.error.SluiceException VART_FUNC_NOT_SUPPORT for an op that no DPU runs;
   *     XIR_UNEXPECTED_VALUE, XIR_OUT_OF_RANGE, XIR_UNDEFINED_ATTR or XIR_INVALID_DATA_TYPE for
   *     attributes, fix positions and constants that no DPU takes; SLUICE_LIMIT for a layer that
   *     can overflow the 32-bit accumulator
   */
  static ExactEngine create(Kind kind, Collection<Op> ops, int intraOpThreads) {
    return EngineChoice.create(kind, FixProgram.of(ops), intraOpThreads);
  }
}
