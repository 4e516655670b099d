package io.sluice.quantize;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Observes samples for one round of a {@link Calibration}. Thread-safe. A session is opened for an
 * input size when its first sample comes.
 */
public final class Observer implements AutoCloseable {
  private final List<QuantizationPlan> plans;
  private final QuantizeConfig config;
  private final Calibration.Round round;
  private final Decisions decisions;
  private final Map<QuantizationPlan, AutoCloseable> open = new HashMap<>();

  /** Looks at one sample. */
  @FunctionalInterface
  private interface Eye {
    Observation observe(long sample, Map<String, TensorData> data);
  }

  private record Session(Eye eye, AutoCloseable resource) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      resource.close();
    }
  }

  Observer(
      List<QuantizationPlan> plans,
      QuantizeConfig config,
      Calibration.Round round,
      Decisions decisions) {
    this.plans = plans;
    this.config = config;
    this.round = round;
    this.decisions = decisions;
  }

  /**
   * What one sample shows.
   *
   * @param sample its index in the calibration data
   * @param data by the names of the network's inputs
   * @throws SluiceException QUANTIZER_TORCH_SHAPE_MISMATCH if the data fits the network at none of
   *     its sizes, QUANTIZER_TF2_INVALID_CALIB_DATASET if a value is not finite
   */
  public Observation observe(long sample, Map<String, TensorData> data) {
    QuantizationPlan plan = plans.stream().filter(p -> fits(p, data)).findFirst().orElse(null);
    if (plan == null && plans.size() == 1) {
      plan = plans.get(0); // whose session says what does not fit
    }
    if (plan == null) {
      throw new SluiceException(
          ErrorCode.QUANTIZER_TORCH_SHAPE_MISMATCH,
          "data " + data + " fits the network at none of its " + plans.size() + " sizes",
          "calibration sample " + sample,
          "give samples of " + plans.stream().map(p -> p.graph().inputs()).toList());
    }
    return session(plan).eye().observe(sample, data);
  }

  /** The name of the network's first input. */
  public String inputName() {
    return plans.get(0).graph().inputs().get(0).output().name();
  }

  private static boolean fits(QuantizationPlan plan, Map<String, TensorData> data) {
    return plan.graph().inputs().stream()
        .allMatch(
            in -> {
              TensorData value = data.get(in.output().name());
              return value != null && value.shape().equals(in.output().shape());
            });
  }

  private synchronized Session session(QuantizationPlan plan) {
    return (Session) open.computeIfAbsent(plan, this::openSession);
  }

  private Session openSession(QuantizationPlan plan) {
    return switch (round) {
      case RANGES -> ranges(plan);
      case POSITIONS -> {
        Calibrator calibrator = Calibrator.open(plan, config);
        yield new Session(calibrator::observe, calibrator);
      }
      case MOMENTS -> moments(plan);
      case DONE -> throw new IllegalStateException("all is decided");
    };
  }

  private static Session ranges(QuantizationPlan plan) {
    List<Op> tensors = Equalizer.tensors(ScaleFamily.of(plan.graph()));
    FloatSession session = FloatSession.open(plan.graph(), tensors);
    Eye eye =
        (sample, data) -> {
          List<double[]> maxima = new ArrayList<>();
          session.run(sample, data, (op, values) -> maxima.add(maxima(sample, op, values)));
          return ChannelRanges.of(sample, maxima);
        };
    return new Session(eye, session);
  }

  private static double[] maxima(long sample, Op op, FloatBuffer values) {
    try {
      return ChannelRanges.maxima(values, op.output().shape().dim(-1));
    } catch (TensorStatistics.NotFinite e) {
      throw FloatSession.notFinite(sample, "tensor '" + op.output().name() + "'", e);
    }
  }

  private Session moments(QuantizationPlan plan) {
    List<Op> convolutions = Calibration.convolutions(plan);
    List<Op> tensors = convolutions.stream().map(Op::input).distinct().toList();
    Positions positions = decisions.positions(plan);
    FloatSession session = FloatSession.open(plan.graph(), tensors);
    Eye eye =
        (sample, data) -> {
          Map<Op, double[]> sums = new HashMap<>();
          session.run(
              sample,
              data,
              (op, values) ->
                  convolutions.stream()
                      .filter(c -> c.input() == op)
                      .forEach(
                          c ->
                              sums.put(
                                  c,
                                  new ConvMoments(c)
                                      .observe(values.duplicate(), positions.get(op)))));
          return Moments.of(sample, convolutions.stream().map(sums::get).toList());
        };
    return new Session(eye, session);
  }

  @Override
  public void close() {
    for (AutoCloseable session : open.values()) {
      try {
        session.close();
      } catch (Exception e) {
        throw new IllegalStateException("closing a session", e);
      }
    }
  }
}
