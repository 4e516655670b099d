package io.sluice.quantize;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.OnnxExporter;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A float graph in ONNX Runtime that shows its inner tensors. It runs on one thread, so that a
 * sample gives the same bits wherever it is run. Thread-safe.
 */
final class FloatSession implements AutoCloseable {
  /** Looks at the values of a tensor. */
  @FunctionalInterface
  interface Look {
    void at(Op op, FloatBuffer values);
  }

  private final Graph graph;
  private final List<Op> wanted;
  private final OrtSession session;

  private FloatSession(Graph graph, List<Op> wanted, OrtSession session) {
    this.graph = graph;
    this.wanted = wanted;
    this.session = session;
  }

  /**
   * @param wanted the ops whose tensors are to be seen; may contain inputs of the graph
   */
  static FloatSession open(Graph graph, List<Op> wanted) {
    // A data op is looked at as it comes in; ONNX cannot return an input.
    List<Op> outputs = wanted.stream().filter(op -> !graph.inputs().contains(op)).toList();
    byte[] model = OnnxExporter.export(graph, graph.inputs(), outputs);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      // It is wrong for a max pool of values that are all below the padding.
      options.addConfigEntry("optimization.disable_specified_optimizers", "Pad_Fusion");
      OrtSession session = OrtEnvironment.getEnvironment().createSession(model, options);
      return new FloatSession(graph, wanted, session);
    } catch (OrtException e) {
      throw failed(graph, e);
    }
  }

  /**
   * Runs one sample.
   *
   * @param sample its index in the calibration data
   * @param data by the names of the graph's input tensors
   * @throws SluiceException QUANTIZER_TORCH_SHAPE_MISMATCH if the data does not fit the graph,
   *     QUANTIZER_TF2_INVALID_CALIB_DATASET if a value of the data is not finite
   */
  void run(long sample, Map<String, TensorData> data, Look look) {
    Map<String, OnnxTensor> fed = new HashMap<>();
    try {
      for (Op input : graph.inputs()) {
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
        for (Op op : wanted) {
          String name = op.output().name();
          OnnxTensor tensor = fed.get(name);
          if (tensor == null) {
            tensor = (OnnxTensor) result.get(name).orElseThrow();
          }
          look.at(op, tensor.getFloatBuffer());
        }
      }
    } catch (OrtException e) {
      throw failed(graph, e);
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  private static TensorData checked(long sample, Op input, TensorData value) {
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

  static SluiceException notFinite(long sample, String tensor, TensorStatistics.NotFinite cause) {
    return new SluiceException(
        ErrorCode.QUANTIZER_TF2_INVALID_CALIB_DATASET,
        cause.getMessage() + " of " + tensor,
        "calibration sample " + sample,
        "remove the sample or correct its preparation",
        cause);
  }

  private static SluiceException failed(Graph graph, OrtException e) {
    return new SluiceException(
        ErrorCode.QUANTIZER_TORCH_NO_CALIBRATION,
        "ONNX Runtime refused the float graph (" + e.getMessage() + ")",
        graph.toString(),
        "check that the float model runs",
        e);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw failed(graph, e);
    }
  }
}
