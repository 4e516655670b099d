package io.sluice.vart;

import io.sluice.dpu.exact.FixBorder;
import io.sluice.xir.DataType;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A runner that takes FLOAT32 where the model takes fixed point, and rounds by the fix position and
 * the rounding of the model's input. Values that are fixed point already pass as they are.
 */
public final class FloatInputs implements Runner {
  private final Runner runner;

  private FloatInputs(Runner runner) {
    this.runner = runner;
  }

  /** A runner around another, or the other itself if none of its inputs is fixed point. */
  public static Runner of(Runner runner) {
    return runner.inputTensors().stream().anyMatch(FloatInputs::isFixed)
        ? new FloatInputs(runner)
        : runner;
  }

  private static boolean isFixed(Tensor tensor) {
    return tensor.type().isFixedPoint();
  }

  /** The model's inputs, FLOAT32 in place of fixed point. */
  @Override
  public List<Tensor> inputTensors() {
    return runner.inputTensors().stream()
        .map(t -> isFixed(t) ? new Tensor(t.name(), DataType.FLOAT32, t.shape()) : t)
        .toList();
  }

  @Override
  public List<Tensor> outputTensors() {
    return runner.outputTensors();
  }

  /**
   * @throws io.sluice.error.SluiceException XIR_MEANINGLESS_VALUE for a NaN, and what the runner
   *     throws
   */
  @Override
  public long executeAsync(Map<String, TensorData> inputsByTensorName) {
    return runner.executeAsync(fixed(inputsByTensorName));
  }

  @Override
  public Map<String, TensorData> await(long jobId, Duration timeout) {
    return runner.await(jobId, timeout);
  }

  @Override
  public Map<String, TensorData> execute(Map<String, TensorData> inputsByTensorName) {
    return runner.execute(fixed(inputsByTensorName));
  }

  private Map<String, TensorData> fixed(Map<String, TensorData> given) {
    Map<String, TensorData> values = new HashMap<>(given);
    for (Tensor wanted : runner.inputTensors()) {
      if (isFixed(wanted)) {
        values.computeIfPresent(
            wanted.name(),
            (name, value) ->
                value.type().equals(DataType.FLOAT32) ? FixBorder.toFix(value, wanted) : value);
      }
    }
    return values;
  }

  @Override
  public void close() {
    runner.close();
  }

  @Override
  public String toString() {
    return runner + " with float inputs";
  }
}
