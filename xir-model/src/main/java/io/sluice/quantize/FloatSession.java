package io.sluice.quantize;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.ExportPart;
import io.sluice.onnx.OnnxExporter;
import io.sluice.onnx.OrtTensors;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import io.sluice.xir.custom.CustomStep;
import io.sluice.xir.custom.OpImplementations;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A float graph in ONNX Runtime, with custom ops by their implementations, that shows its inner
 * tensors. It runs on one thread, so that a sample gives the same bits wherever it is run.
 * Thread-safe.
 */
final class FloatSession implements AutoCloseable {
  /** Looks at the values of a tensor. */
  @FunctionalInterface
  interface Look {
    void at(Op op, FloatBuffer values);
  }

  /** Adds the tensors that it computes to those that are known, by name. */
  private interface Step extends AutoCloseable {
    void run(Map<String, OnnxTensor> known) throws OrtException;

    @Override
    void close() throws OrtException;
  }

  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final Graph graph;
  private final List<Op> wanted;
  private final List<Step> steps = new ArrayList<>();

  private FloatSession(Graph graph, List<Op> wanted) {
    this.graph = graph;
    this.wanted = wanted;
  }

  /**
   * @param wanted the ops whose tensors are to be seen; may contain inputs of the graph
   * @throws SluiceException ONNX_UNSUPPORTED_OP if an op has neither a form in ONNX nor an
   *     implementation
   */
  static FloatSession open(Graph graph, List<Op> wanted) {
    // A data op is looked at as it comes in; ONNX cannot return an input.
    List<Op> outputs = wanted.stream().filter(op -> !graph.inputs().contains(op)).toList();
    FloatSession session = new FloatSession(graph, wanted);
    try {
      for (ExportPart part : ExportPart.of(graph, graph.inputs(), outputs)) {
        session.steps.add(
            part instanceof ExportPart.Model model
                ? model(graph, model)
                : custom((ExportPart.Single) part));
      }
      return session;
    } catch (OrtException e) {
      session.close();
      throw failed(graph, e);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static Step model(Graph graph, ExportPart.Model part) throws OrtException {
    byte[] model = OnnxExporter.export(graph, part.inputs(), part.outputs());
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      // It is wrong for a max pool of values that are all below the padding.
      options.addConfigEntry("optimization.disable_specified_optimizers", "Pad_Fusion");
      OrtSession session = ENVIRONMENT.createSession(model, options);
      return new Step() {
        @Override
        public void run(Map<String, OnnxTensor> known) throws OrtException {
          Map<String, OnnxTensor> fed = new HashMap<>();
          part.inputs().forEach(op -> fed.put(name(op), known.get(name(op))));
          // The tensors of a result live on when it is not closed; whoever holds them closes them.
          session
              .run(fed)
              .forEach(result -> known.put(result.getKey(), (OnnxTensor) result.getValue()));
        }

        @Override
        public void close() throws OrtException {
          session.close();
        }
      };
    }
  }

  private static Step custom(ExportPart.Single part) {
    CustomStep step = OpImplementations.onClassPath().bind(part.op());
    return new Step() {
      @Override
      public void run(Map<String, OnnxTensor> known) throws OrtException {
        TensorData result =
            step.run(
                in ->
                    part.constants().containsKey(in)
                        ? part.constants().get(in)
                        : OrtTensors.read(known.get(name(in))));
        known.put(name(part.op()), OrtTensors.write(ENVIRONMENT, result));
      }

      @Override
      public void close() {}
    };
  }

  private static String name(Op op) {
    return op.output().name();
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
    Map<String, OnnxTensor> known = new HashMap<>();
    try {
      for (Op input : graph.inputs()) {
        TensorData value = checked(sample, input, data.get(name(input)));
        known.put(name(input), OrtTensors.write(ENVIRONMENT, value));
      }
      for (Step step : steps) {
        step.run(known);
      }
      for (Op op : wanted) {
        look.at(op, known.get(name(op)).getFloatBuffer());
      }
    } catch (OrtException e) {
      throw failed(graph, e);
    } finally {
      known.values().forEach(OnnxTensor::close);
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
      for (Step step : steps) {
        step.close();
      }
    } catch (OrtException e) {
      throw failed(graph, e);
    }
  }
}
