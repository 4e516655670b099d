package io.sluice.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.optimize.Rewrite;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The rounds of a calibration on a net whose channels differ by a factor of 60. */
class CalibrationTest {
  private static final int CHANNELS = 12;
  private static final int SAMPLES = 9;
  private static final QuantizeConfig REFINED = QuantizeConfig.standard().refined();

  /** Pointwise, relu, depthwise 3x3, relu, pointwise; the same weights at every size. */
  private static Graph net(int side) {
    Graph graph = new Graph("net");
    Random random = new Random(3);
    Attrs shape = Attrs.EMPTY.with("shape", new int[] {1, side, side, 3});
    Op in = graph.add("in", "data", shape.with("data_type", "FLOAT32"));
    Op a = convolution(graph, "a", "conv2d", in, Shape.of(CHANNELS, 1, 1, 3), random);
    Op b = graph.add("b", "relu", Attrs.EMPTY, a);
    Op c = convolution(graph, "c", "depthwise-conv2d", b, Shape.of(1, 3, 3, CHANNELS), random);
    Op d = graph.add("d", "relu", Attrs.EMPTY, c);
    convolution(graph, "e", "conv2d", d, Shape.of(4, 1, 1, CHANNELS), random);
    return graph;
  }

  private static Op convolution(
      Graph graph, String name, String type, Op from, Shape weights, Random random) {
    boolean isDepthwise = type.startsWith("depthwise");
    int channels = isDepthwise ? weights.dim(3) : weights.dim(0);
    int perChannel = weights.elements() / channels;
    float[] w = new float[weights.elements()];
    float[] bias = new float[channels];
    for (int i = 0; i < w.length; i++) {
      int channel = isDepthwise ? i % channels : i / perChannel;
      double gain = Math.pow(60, channel / (double) channels) / 10;
      w[i] = (float) (random.nextGaussian() * gain);
      bias[channel] = (float) (0.3 * gain);
    }
    int kernel = weights.dim(1);
    int pad = kernel / 2;
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", new int[] {kernel, kernel})
            .with("stride", new int[] {1, 1})
            .with("pad", new int[] {pad, pad, pad, pad})
            .with("pad_mode", "FLOOR");
    return graph.add(
        name,
        type,
        attrs,
        Map.of(
            "input",
            List.of(from),
            "weights",
            List.of(graph.addConst(name + "_w", TensorData.ofFloats(weights, w))),
            "bias",
            List.of(graph.addConst(name + "_b", TensorData.ofFloats(Shape.of(channels), bias)))));
  }

  private static List<Map<String, TensorData>> samples(int side, long seed) {
    Random random = new Random(seed);
    List<Map<String, TensorData>> samples = new ArrayList<>();
    for (int s = 0; s < SAMPLES; s++) {
      float[] values = new float[side * side * 3];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      samples.add(Map.of("in", TensorData.ofFloats(Shape.of(1, side, side, 3), values)));
    }
    return samples;
  }

  /** All rounds, with the samples observed in an order and merged in twos through their bytes. */
  private static List<byte[]> rounds(List<Integer> order) {
    List<Map<String, TensorData>> samples = samples(6, 1);
    List<byte[]> states = new ArrayList<>();
    Calibration calibration = Calibration.of(List.of(net(6)), REFINED);
    while (calibration.round() != Calibration.Round.DONE) {
      Observation all = null;
      try (Observer observer = calibration.open()) {
        for (int i = 0; i < order.size(); i += 2) {
          Observation two = observer.observe(order.get(i), samples.get(order.get(i)));
          if (i + 1 < order.size()) {
            two = observer.observe(order.get(i + 1), samples.get(order.get(i + 1))).with(two);
          }
          two = Observations.fromBytes(two.toBytes());
          all = all == null ? two : all.with(two);
        }
      }
      calibration = calibration.decide(all);
      states.add(calibration.toBytes());
    }
    return states;
  }

  @Test
  void inWhichOrderAndGroupsSamplesAreObservedDoesNotShow() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      order.add(i);
    }
    List<byte[]> states = rounds(order);
    assertThat(states).hasSize(3);
    for (int seed = 0; seed < 3; seed++) {
      Collections.shuffle(order, new Random(seed));
      List<byte[]> others = rounds(order);
      for (int round = 0; round < states.size(); round++) {
        assertThat(others.get(round)).isEqualTo(states.get(round));
      }
    }
  }

  @Test
  void whatIsResumedGivesTheSameModelAlsoAtAnotherSize() {
    List<Integer> order = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8);
    byte[] last = rounds(order).get(2);
    assertThat(Calibration.roundOf(last)).isEqualTo(Calibration.Round.DONE);

    QuantizedModel small = Calibration.resume(List.of(net(6)), REFINED, last).models().get(0);
    QuantizedModel large = Calibration.resume(List.of(net(10)), REFINED, last).models().get(0);

    assertThat(large.positions()).isEqualTo(small.positions());
    for (String constant : List.of("a_w", "a_b", "c_w", "c_b", "e_w", "e_b")) {
      assertThat(large.graph().op(constant).constData())
          .isEqualTo(small.graph().op(constant).constData());
    }
    assertThatThrownBy(() -> Calibration.resume(List.of(net(6)), REFINED, new byte[9]))
        .hasMessageStartingWith("QUANTIZER_TORCH_NO_CALIB_RESULT");
  }

  @Test
  void bytesThatClaimMoreThanTheyHoldAreRefusedBeforeThereIsRoomForIt() {
    Calibration first = Calibration.of(List.of(net(6)), REFINED);
    Observation ranges;
    try (Observer observer = first.open()) {
      ranges = observer.observe(0, samples(6, 1).get(0));
    }
    byte[] observed = ranges.toBytes();
    byte[] decided = first.decide(ranges).toBytes();
    assertThat(refusals(observed, Observations::fromBytes)).isPositive();
    assertThat(refusals(decided, b -> Calibration.resume(List.of(net(6)), REFINED, b)))
        .isPositive();
  }

  /** How many of the bytes' ints, made huge, are refused; none fails in another way. */
  private static int refusals(byte[] bytes, Consumer<byte[]> reader) {
    int refusals = 0;
    for (int at = Integer.BYTES; at + Integer.BYTES <= Math.min(bytes.length, 200); at++) {
      byte[] changed = bytes.clone();
      ByteBuffer.wrap(changed).putInt(at, Integer.MAX_VALUE);
      try {
        reader.accept(changed);
      } catch (SluiceException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.QUANTIZER_TORCH_NO_CALIB_RESULT);
        refusals++;
      }
    }
    return refusals;
  }

  @Test
  void equalizingLeavesTheResultsOfTheFloatNetAsTheyAre() {
    Graph before = Quantizer.prepare(net(6));
    Calibration calibration = Calibration.of(List.of(net(6)), REFINED);
    Observation ranges;
    try (Observer observer = calibration.open()) {
      ranges =
          observer.observe(0, samples(6, 1).get(0)).with(observer.observe(1, samples(6, 1).get(1)));
    }
    Graph after = calibration.decide(ranges).graphs().get(0);

    assertThat(after.op("a_w").constData()).isNotEqualTo(before.op("a_w").constData());
    for (Map<String, TensorData> sample : samples(6, 2)) {
      float[] expected = run(before, sample);
      float[] found = run(after, sample);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) found[i]).isCloseTo(expected[i], within(1e-4 * scale(expected)));
      }
    }
  }

  @Test
  void refinedItIsCloserToTheFloatNetThanRoundedOneByOne() {
    Graph net = net(6);
    List<Map<String, TensorData>> samples = samples(6, 1);
    Graph plain =
        Quantizer.quantize(List.of(net), samples, QuantizeConfig.standard()).get(0).graph();
    Graph refined = Quantizer.quantize(List.of(net), samples, REFINED).get(0).graph();
    double plainError = 0;
    double refinedError = 0;
    for (Map<String, TensorData> sample : samples(6, 2)) {
      float[] expected = run(net, sample);
      plainError += squaredError(expected, run(plain, sample));
      refinedError += squaredError(expected, run(refined, sample));
    }
    assertThat(refinedError).isLessThan(plainError);
  }

  @Test
  void anOpThatIsKeptInFloatHasNoPositions() {
    QuantizedModel model =
        Quantizer.quantize(List.of(net(6)), samples(6, 1), REFINED.keeping(Set.of("e"))).get(0);
    assertThat(model.positions()).containsKeys("a_w", "c_w").doesNotContainKeys("e_w", "e_b");
  }

  @Test
  void observationsOfTwoRoundsAndASampleSeenTwiceAreRefused() {
    Calibration first = Calibration.of(List.of(net(6)), REFINED);
    Map<String, TensorData> sample = samples(6, 1).get(0);
    Observation ranges;
    try (Observer observer = first.open()) {
      ranges = observer.observe(0, sample);
    }
    Calibration second = first.decide(ranges);
    assertThatThrownBy(() -> ranges.with(ranges))
        .hasMessageStartingWith("QUANTIZER_TF2_INVALID_CALIB_DATASET");
    assertThatThrownBy(() -> second.decide(ranges))
        .hasMessageStartingWith("QUANTIZER_TORCH_NO_CALIBRATION");
    assertThatThrownBy(second::models).hasMessageStartingWith("QUANTIZER_TORCH_NO_CALIBRATION");
  }

  private static double scale(float[] values) {
    double scale = 0;
    for (float v : values) {
      scale = Math.max(scale, Math.abs(v));
    }
    return scale;
  }

  private static double squaredError(float[] expected, float[] found) {
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      sum += Math.pow(expected[i] - found[i], 2);
    }
    return sum;
  }

  private static float[] run(Graph graph, Map<String, TensorData> sample) {
    List<Op> outputs = List.copyOf(Rewrite.outputs(graph));
    float[][] result = new float[1][];
    try (FloatSession session = FloatSession.open(graph, outputs)) {
      session.run(
          0,
          sample,
          (op, values) -> {
            result[0] = new float[values.remaining()];
            values.get(result[0]);
          });
    }
    return result[0];
  }
}
