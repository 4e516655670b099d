package io.sluice.quantize;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.OnnxExporter;
import io.sluice.xir.Op;
import io.sluice.xir.RoundMode;
import io.sluice.xir.TensorData;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs samples through the float graph of a plan and takes the statistics of every observed tensor.
 * The graph is exported to ONNX with those tensors as outputs; ONNX Runtime runs it on one thread,
 * so that a sample gives the same bits wherever it is run. Thread-safe: samples may be observed in
 * parallel.
 */
public final class Calibrator implements AutoCloseable {
  private final QuantizationPlan plan;
  private final int bits;
  private final List<Op> inputs;
  private final OrtSession session;

  private Calibrator(QuantizationPlan plan, int bits, OrtSession session) {
    this.plan = plan;
    this.bits = bits;
    this.inputs = plan.graph().inputs();
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
    // A data op that is observed is looked at as it comes in; ONNX cannot return an input.
    List<Op> outputs =
        plan.observed().stream().filter(op -> !plan.graph().inputs().contains(op)).toList();
    byte[] model = OnnxExporter.export(plan.graph(), plan.graph().inputs(), outputs);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      OrtSession session = OrtEnvironment.getEnvironment().createSession(model, options);
      return new Calibrator(plan, config.bitWidth(), session);
    } catch (OrtException e) {
      throw failed(plan, e);
    }
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
    Map<String, OnnxTensor> fed = new HashMap<>();
    try {
      for (Op input : inputs) {
        TensorData value = checked(sample, input, data.get(input.output().name()));
        long[] shape = new long[value.shape().rank()];
        for (int i = 0; i < shape.length; i++) {
          shape[i] = value.shape().dim(i);
        }
        fed.put(
            input.output().name(),
            OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), FloatBuffer.wrap(value.toFloats()), shape));
      }
      try (OrtSession.Result result = session.run(fed)) {
        List<TensorStatistics> tensors = new ArrayList<>();
        for (Op op : plan.observed()) {
          String name = op.output().name();
          OnnxTensor tensor = fed.get(name);
          if (tensor == null) {
            tensor = (OnnxTensor) result.get(name).orElseThrow();
          }
          tensors.add(statistics(sample, name, tensor.getFloatBuffer()));
        }
        return CalibrationStatistics.of(new SampleStatistics(sample, tensors));
      }
    } catch (OrtException e) {
      throw failed(plan, e);
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  private TensorStatistics statistics(long sample, String tensor, FloatBuffer values) {
    try {
      return TensorStatistics.of(values, bits, RoundMode.DPU_ROUND);
    } catch (TensorStatistics.NotFinite e) {
      throw notFinite(sample, "tensor '" + tensor + "'", e);
    }
  }

  private TensorData checked(long sample, Op input, TensorData value) {
    String name = input.output().name();
    if (value == null
        || !value.type().equals(input.output().type())
        || !value.shape().equals(input.output().shape())) {
      throw new SluiceException(
          ErrorCode.QUANTIZER_TORCH_SHAPE_MISMATCH,
          "data "
              + value
              + " for input '"
              + name
              + "', which is "
              + input.output().type()
              + " "
              + input.output().shape(),
          "calibration sample " + sample,
          "give every input a tensor of its type and shape");
    }
    for (int i = 0; i < value.shape().elements(); i++) {
      if (!Float.isFinite(value.getFloat(i))) {
        throw notFinite(
            sample, "input '" + name + "'", new TensorStatistics.NotFinite(i, value.getFloat(i)));
      }
    }
    return value;
  }

  private static SluiceException notFinite(
      long sample, String tensor, TensorStatistics.NotFinite cause) {
    return new SluiceException(
        ErrorCode.QUANTIZER_TF2_INVALID_CALIB_DATASET,
        cause.getMessage() + " of " + tensor,
        "calibration sample " + sample,
        "remove the sample or correct its preparation",
        cause);
  }

  private static SluiceException failed(QuantizationPlan plan, OrtException e) {
    return new SluiceException(
        ErrorCode.QUANTIZER_TORCH_NO_CALIBRATION,
        "ONNX Runtime refused the float graph (" + e.getMessage() + ")",
        plan.graph().toString(),
        "check that the float model runs",
        e);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw failed(plan, e);
    }
  }
}
