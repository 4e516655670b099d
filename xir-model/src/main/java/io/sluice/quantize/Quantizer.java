package io.sluice.quantize;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.quantize.QuantizableOps.Kind;
import io.sluice.xir.FixPoint;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.RoundMode;
import io.sluice.xir.TensorData;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Post-training quantization to power-of-two INT8, in steps that can run apart: {@link #prepare},
 * then {@link Calibrator#observe} for every sample, anywhere and in any order, then {@link
 * CalibrationStatistics#merge}, then {@link #decide} once. The result is a function of the graph,
 * the samples with their indices and the configuration.
 */
public final class Quantizer {
  private Quantizer() {}

  /** All rounds in this process, samples in parallel on the common pool. */
  public static QuantizedModel quantize(Graph graph, Samples samples, QuantizeConfig config) {
    return quantize(List.of(graph), samples.all(), config).get(0);
  }

  /**
   * All rounds in this process for a network at several input sizes.
   *
   * @param graphs the network at each size
   * @param samples each of one of these sizes, by the names of the network's inputs
   * @return the quantized network at each size
   */
  public static List<QuantizedModel> quantize(
      List<Graph> graphs, List<Map<String, TensorData>> samples, QuantizeConfig config) {
    Calibration calibration = Calibration.of(graphs, config);
    while (calibration.round() != Calibration.Round.DONE) {
      try (Observer observer = calibration.open()) {
        Observation seen =
            IntStream.range(0, samples.size())
                .parallel()
                .mapToObj(i -> observer.observe(i, samples.get(i)))
                .reduce(Observation::with)
                .orElse(CalibrationStatistics.empty());
        calibration = calibration.decide(seen);
      }
    }
    return calibration.models();
  }

  /** A copy of a float graph in which the ops are those that a DPU has: see {@link Preparation}. */
  public static Graph prepare(Graph graph) {
    return Preparation.of(graph);
  }

  /**
   * The positions and the quantized graph.
   *
   * @throws SluiceException QUANTIZER_TORCH_NO_CALIBRATION if the statistics are of no sample,
   *     QUANTIZER_TORCH_CALIB_RESULT_MISMATCH if they are of another graph
   */
  public static QuantizedModel decide(
      QuantizationPlan plan, CalibrationStatistics statistics, QuantizeConfig config) {
    Positions positions = positions(plan, statistics, config);
    return new QuantizedGraphBuilder(plan, positions, config.bitWidth()).build();
  }

  /** The positions under the rules of the hardware. */
  static Positions positions(
      QuantizationPlan plan, CalibrationStatistics statistics, QuantizeConfig config) {
    if (statistics.sampleCount() == 0 || statistics.tensorCount() != plan.observedCount()) {
      throw new SluiceException(
          statistics.sampleCount() == 0
              ? ErrorCode.QUANTIZER_TORCH_NO_CALIBRATION
              : ErrorCode.QUANTIZER_TORCH_CALIB_RESULT_MISMATCH,
          statistics + " for a graph with " + plan.observedCount() + " observed tensors",
          plan.graph().toString(),
          "calibrate this graph with at least one sample");
    }
    Positions positions = new Positions(plan);
    seekPoints(plan, statistics, config, positions);
    for (Op op : plan.order()) {
      if (plan.kind(op) == Kind.CONVOLUTION) {
        seekConstant(op, "weights", config.weight(), config.bitWidth(), positions);
        if (!op.inputs("bias").isEmpty()) {
          seekConstant(op, "bias", config.bias(), config.bitWidth(), positions);
        }
      }
    }
    new PositionRules(plan, positions).enforce();
    return positions;
  }

  private static void seekPoints(
      QuantizationPlan plan,
      CalibrationStatistics statistics,
      QuantizeConfig config,
      Positions positions) {
    for (int i = 0; i < plan.observed().size(); i++) {
      Op op = plan.observed().get(i);
      List<TensorStatistics> seen = statistics.tensor(i);
      boolean isInput = plan.kind(op) == Kind.INPUT;
      int position = PositionSearch.search(seen, isInput ? config.input() : config.activation());
      boolean isZero = seen.stream().allMatch(TensorStatistics::isZero);
      if (isZero || (isInput && isConstant(seen))) {
        positions.warn(
            "tensor '"
                + op.output().name()
                + "' is "
                + (isZero ? "zero" : "constant, " + seen.get(0).max() + ",")
                + " in all "
                + seen.size()
                + " samples: is the calibration data what the model will see?");
      }
      if (!isZero) {
        positions.seek(op, position);
      }
    }
    for (Op op : plan.points()) {
      if (plan.kind(op) == Kind.HARD_SIGMOID && plan.isQuantized(op)) {
        positions.seek(op, PositionRules.HARD_SIGMOID_OUTPUT);
      }
    }
    plan.points().forEach(op -> positions.seekIfAbsent(op, FixPoint.ZERO_TENSOR_POSITION));
  }

  private static boolean isConstant(List<TensorStatistics> seen) {
    float value = seen.get(0).min();
    return seen.stream().allMatch(s -> s.min() == value && s.max() == value);
  }

  private static void seekConstant(
      Op reader, String arg, PositionMethod method, int bits, Positions positions) {
    Op constant = reader.input(arg);
    try {
      FloatBuffer values = FloatBuffer.wrap(constant.constData().toFloats());
      positions.setConstant(
          reader, arg, PositionSearch.search(values, bits, RoundMode.PY3_ROUND, method));
    } catch (TensorStatistics.NotFinite e) {
      throw new SluiceException(
          ErrorCode.QUANTIZER_TF2_INVALID_CALIB_DATASET,
          e.getMessage() + " of constant '" + constant.name() + "'",
          arg + " of '" + reader.name() + "'",
          "correct the float model",
          e);
    }
  }
}
