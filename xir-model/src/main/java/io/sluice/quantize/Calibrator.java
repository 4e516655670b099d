package io.sluice.quantize;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Op;
import io.sluice.xir.RoundMode;
import io.sluice.xir.TensorData;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs samples through the float graph of a plan and takes the statistics of every observed tensor.
 * Thread-safe: samples may be observed in parallel.
 */
public final class Calibrator implements AutoCloseable {
  private final QuantizationPlan plan;
  private final int bits;
  private final FloatSession session;

  private Calibrator(QuantizationPlan plan, int bits, FloatSession session) {
    this.plan = plan;
    this.bits = bits;
    this.session = session;
  }

  /**
   * Opens a session for the plan's graph.
   *
   * @throws SluiceException QUANTIZER_TORCH_UNSUPPORTED_OPS if the graph has nothing to quantize
   */
  public static Calibrator open(QuantizationPlan plan, QuantizeConfig config) {
    if (plan.quantizedCount() == 0) {
      throw new SluiceException(
          ErrorCode.QUANTIZER_TORCH_UNSUPPORTED_OPS,
          "no op that a DPU could run",
          plan.graph().toString(),
          "quantize a network with convolutions");
    }
    return new Calibrator(
        plan, config.bitWidth(), FloatSession.open(plan.graph(), plan.observed()));
  }

  /**
   * The statistics of one sample.
   *
   * @param sample its index in the calibration data
   * @param data by the names of the graph's input tensors
   * @throws SluiceException QUANTIZER_TORCH_SHAPE_MISMATCH if the data does not fit the graph,
   *     QUANTIZER_TF2_INVALID_CALIB_DATASET if a value of the data or of an inner tensor is not
   *     finite
   */
  public CalibrationStatistics observe(long sample, Map<String, TensorData> data) {
    List<TensorStatistics> tensors = new ArrayList<>();
    session.run(sample, data, (op, values) -> tensors.add(statistics(sample, op, values)));
    return CalibrationStatistics.of(new SampleStatistics(sample, tensors));
  }

  private TensorStatistics statistics(long sample, Op op, FloatBuffer values) {
    try {
      return TensorStatistics.of(values, plan.relevant(op), bits, RoundMode.DPU_ROUND);
    } catch (TensorStatistics.NotFinite e) {
      throw FloatSession.notFinite(sample, "tensor '" + op.output().name() + "'", e);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
