package io.sluice.vart;

import io.sluice.error.SluiceException;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Executes a model, as VART's runner does: a job is submitted, has an id, and its outputs are
 * awaited once. Thread-safe.
 */
public interface Runner extends AutoCloseable {
  /** With this timeout {@link #await} blocks until the job ends. */
  Duration FOREVER = Duration.ofNanos(-1);

  /** What a job takes, sorted by tensor name; shapes are NHWC for feature maps. */
  List<Tensor> inputTensors();

  /** What a job gives, sorted by tensor name. */
  List<Tensor> outputTensors();

  /**
   * Submits a job.
   *
   * @param inputsByTensorName one value for each of {@link #inputTensors}, of its type and shape,
   *     or each of N times its first dimension if that is the batch of all inputs and outputs: N
   *     runs
   * @return the id of the job: 0, 1, 2 ...
   * @throws SluiceException VART_TENSOR_INFO_ERROR for a tensor that is missing, not asked for or
   *     of another type; VART_SIZE_MISMATCH for one of another shape; VART_DEVICE_BUSY when too
   *     many jobs wait to be awaited; VART_GRAPH_ERROR when the runner is closed
   */
  long executeAsync(Map<String, TensorData> inputsByTensorName);

  /**
   * Waits for a job and hands its outputs over; the job is then forgotten.
   *
   * @param timeout how long to wait: negative for ever, zero only looks
   * @return one value for each of {@link #outputTensors}, by tensor name, of as many runs
   * @throws SluiceException VART_DPU_TIMEOUT_ERROR when the time is over (the job can be awaited
   *     again); VART_OUT_OF_RANGE for an id that is unknown or was awaited already; or what the job
   *     failed with
   */
  Map<String, TensorData> await(long jobId, Duration timeout);

  /** Submits a job and waits for it. */
  default Map<String, TensorData> execute(Map<String, TensorData> inputsByTensorName) {
    return await(executeAsync(inputsByTensorName), FOREVER);
  }

  /** Waits for the jobs that run, drops those that have not begun, and frees native memory. */
  @Override
  void close();
}
