package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ort.OrtModel;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A convolution is in float up to the bound of its form and not a step beyond, whatever tells that
 * it is inside; beyond it is split or left to the reference; and it is exact everywhere.
 */
class AccumulatorBoundTest {
  private static final int CUT = 10;
  private static final int PIXELS = 64;
  private static final ValueRange RELU = new ValueRange(0, 127);
  private static final FloatArithmetic PLAIN = new FloatArithmetic();
  private static final Shape IMAGE = Shape.of(1, 1, PIXELS, 8);

  /** A form, and the largest number of steps up to 2^24 to which its sums can count. */
  static Stream<Arguments> forms() {
    return Stream.of(
        Arguments.of("plain", PLAIN, AccumulatorBound.EXACT),
        // the half is the only odd term there
        Arguments.of("blocked", new BlockedArithmetic(IMAGE), AccumulatorBound.EXACT - 1),
        Arguments.of("mirrored", new MirroredArithmetic(IMAGE), AccumulatorBound.EXACT));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void aFormIsProvedUpToItsLastStepAndNotBeyond(String name, FloatArithmetic form, long last) {
    Convolution inside = reaching(form, last);
    Convolution outside = reaching(form, last + (form.finerBits() == 1 && last % 2 == 1 ? 2 : 1));
    assertThat(steps(inside, form)).isEqualTo(last);
    assertThat(new AccumulatorBound(inside, RELU).proves(form)).isTrue();
    assertThat(steps(outside, form)).isGreaterThan(AccumulatorBound.EXACT).isLessThan(last + 3);
    assertThat(new AccumulatorBound(outside, RELU).proves(form)).isFalse();
    for (Convolution conv : List.of(inside, outside)) {
      assertExact(conv, RELU, form);
    }
  }

  @Test
  void everyOutputChannelCountsItsOwnWeights() {
    int channels = 2048;
    byte[] weights = new byte[8 * channels];
    for (int oc = 0; oc < 8; oc++) {
      for (int c = 0; c < channels / 2; c++) {
        weights[oc * channels + c * 2 + oc % 2] = (byte) (c % 4 < 2 ? 127 : -127);
      }
    }
    Convolution conv = pointwise(weights, new byte[8], Activation.Kind.NONE);
    assertThat(largestForAll(conv, RELU)).isGreaterThan(AccumulatorBound.EXACT);
    assertThat(new AccumulatorBound(conv, RELU).proves(PLAIN)).isTrue();
    assertThat(new AccumulatorBound(conv, RELU).proves(new MirroredArithmetic(IMAGE))).isTrue();
    assertExact(conv, RELU, new BlockedEverywhere(MirroredArithmetic::new));
  }

  @Test
  void aProducerThatIsNeverBelowZeroBringsALayerInside() {
    FixGraph g = new FixGraph();
    Op in = g.input(0, IMAGE.dim(0), 1, PIXELS, 2 * 1035);
    Op relu = g.add("eltwise-fix", 0, FixGraph.nonlinear(Activation.Kind.RELU, 0, 0), in);
    Op behind = convolve(g, relu);
    Op raw = convolve(g, in);
    FixProgram program = g.program();
    FastPlan plan = FastPlan.of(program, new Lowerings(PLAIN));
    assertThat(
            new AccumulatorBound(Convolution.of(behind), plan.ranges().get(relu.output().name())))
        .matches(bound -> bound.proves(PLAIN));
    assertThat(new AccumulatorBound(Convolution.of(raw), ValueRange.INT8))
        .matches(bound -> !bound.proves(PLAIN));
    assertExact(program, in);
  }

  /** Half of the channels are 0 to 16 with large weights, half 0 to 127 with small ones. */
  @Test
  void theRangeOfEveryInputChannelCounts() {
    FixGraph g = new FixGraph();
    Op in = g.input(0, 1, 1, PIXELS, 1035);
    Op narrow = g.add("eltwise-fix", -3, FixGraph.nonlinear(Activation.Kind.RELU, 0, 0), in);
    Op wide = g.add("eltwise-fix", -3, Attrs.EMPTY, in);
    Op both = g.add("concat-fix", -3, Attrs.EMPTY.with("axis", 3), narrow, wide);
    ValueRange known =
        FastPlan.of(g.program(), new Lowerings(PLAIN)).ranges().get(both.output().name());
    assertThat(known.channels()).hasSize(2070);
    assertThat(known.channel(1034)).isEqualTo(new ValueRange.Interval(0, 16));
    assertThat(known.channel(1035)).isEqualTo(new ValueRange.Interval(-16, 16));

    ValueRange halves =
        ValueRange.concat(List.of(new ValueRange(0, 16), RELU), List.of(1035, 1035));
    byte[] weights = new byte[8 * 2070];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (byte) (i % 2070 < 1035 ? 126 : 4);
    }
    Convolution conv = pointwise(weights, new byte[8], Activation.Kind.NONE);
    assertThat(new AccumulatorBound(conv, halves).proves(PLAIN)).isTrue();
    assertThat(new AccumulatorBound(conv, halves.mixed()).proves(PLAIN)).isFalse();
    assertExact(conv, halves, PLAIN);
  }

  /** In the reference, leaky with sums beyond the bound; split, the same without leaky. */
  @Test
  void beyondTheBoundALayerIsSplitAndWithLeakyLeftToTheReference() {
    for (Activation.Kind kind : List.of(Activation.Kind.NONE, Activation.Kind.LEAKYRELU)) {
      FixGraph g = new FixGraph();
      Op in = g.input(0, 1, 1, PIXELS, 2 * 1400);
      Op out = convolve(g, in, kind);
      FixProgram program = g.program();
      Convolution conv = Convolution.of(out);
      assertThat(new AccumulatorBound(conv, ValueRange.INT8).proves(PLAIN)).isFalse();
      boolean leaky = kind == Activation.Kind.LEAKYRELU;
      assertThat(SplitConvolution.refusal(conv, ValueRange.INT8) == null).isNotEqualTo(leaky);
      assertThat(FastPlan.of(program, new Lowerings(PLAIN)).refused().keySet())
          .isEqualTo(leaky ? Set.of(out.name()) : Set.of());
      assertExact(program, in);
    }
  }

  /** Sixteen bits below the point are one more than the mirrored form takes. */
  @Test
  void sixteenBitsAreRoundedInAnotherForm() {
    MirroredArithmetic form = new MirroredArithmetic(IMAGE);
    assertThat(form.frame(15, 127).sign()).isEqualTo(-1);
    assertThat(form.frame(16, 127)).isEqualTo(form.plain(16));
  }

  @Property(tries = 300)
  void noPartialSumIsBeyondTheBoundAndTheWorstReachesIt(
      @ForAll @IntRange(max = 1_000_000) int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int channels = random.nextInt(1, 40);
    ValueRange range =
        ValueRange.of(
            channels,
            c -> {
              int a = random.nextInt(-128, 128);
              int b = random.nextInt(-128, 128);
              return new ValueRange.Interval(Math.min(a, b), Math.max(a, b)).with(0);
            });
    byte[] weights = new byte[8 * channels];
    random.nextBytes(weights);
    byte[] bias = new byte[8];
    random.nextBytes(bias);
    Convolution conv = pointwise(weights, bias, Activation.Kind.RELU);
    for (FloatArithmetic form :
        List.of(PLAIN, new BlockedArithmetic(IMAGE), new MirroredArithmetic(IMAGE))) {
      FloatArithmetic.Frame frame = form.frame(CUT, Byte.MAX_VALUE);
      for (int oc = 0; oc < 8; oc++) {
        double constant = Math.scalb(frame.of(Math.scalb((double) bias[oc], -CUT)), CUT);
        double largest = 0;
        for (int sign = -1; sign <= 1; sign += 2) {
          double worst = Math.max(0, sign * constant);
          double partial = 0;
          for (int c = 0; c < channels; c++) {
            int w = frame.sign() * weights[oc * channels + c];
            ValueRange.Interval x = range.channel(c);
            worst += Math.max(0, Math.max(sign * w * x.low(), sign * w * x.high()));
            if (random.nextBoolean()) {
              partial += sign * w * random.nextInt(x.low(), x.high() + 1);
            }
            assertThat(partial).isLessThanOrEqualTo(worst);
          }
          largest = Math.max(largest, worst);
        }
        assertThat((double) new AccumulatorBound(conv, range).steps(oc, form))
            .isEqualTo(Math.scalb(largest, frame.finerBits()));
      }
    }
  }

  /** Half of the channels with one sign, half with the other, 127 all. */
  private static Op convolve(FixGraph g, Op in, Activation.Kind kind) {
    int channels = in.output().shape().dim(3);
    byte[] weights = new byte[8 * channels];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (byte) (i % channels < channels / 2 ? 127 : -127);
    }
    return g.convolve(
        "conv2d-fix",
        0,
        FixGraph.nonlinear(kind, 0, 0),
        in,
        weights,
        CUT,
        new int[] {8, 1, 1, channels},
        new byte[] {0, 1, 2, 3, -1, -2, 127, -128},
        CUT);
  }

  private static Op convolve(FixGraph g, Op in) {
    return convolve(g, in, Activation.Kind.NONE);
  }

  /** A convolution over inputs of 0 to 127 of which one partial sum counts to so many steps. */
  private static Convolution reaching(FloatArithmetic form, long steps) {
    FloatArithmetic.Frame frame = form.frame(CUT, Byte.MAX_VALUE);
    long rest = (steps - frame.steps(CUT)) >> frame.finerBits();
    int weight = (int) (rest / 127);
    int channels = weight / 127 + 1;
    byte[] weights = new byte[8 * 2 * channels];
    byte[] bias = new byte[8];
    for (int oc = 0; oc < 8; oc++) {
      for (int c = 0; c < channels; c++) {
        int w = c == 0 ? weight % 127 : 127;
        // the second half takes back what the first counts to
        weights[oc * 2 * channels + c] = (byte) (frame.sign() * w);
        weights[(oc * 2 + 1) * channels + c] = (byte) (oc == 0 ? 0 : -frame.sign() * w);
      }
      bias[oc] = (byte) (oc == 0 ? frame.sign() * (rest % 127) : 0);
    }
    return pointwise(weights, bias, Activation.Kind.NONE);
  }

  private static Convolution pointwise(byte[] weights, byte[] bias, Activation.Kind kind) {
    return new Convolution(
        false,
        1,
        new WindowAxis(1, 1, 1, 1, 1, 0, 0),
        new WindowAxis(PIXELS, PIXELS, 1, 1, 1, 0, 0),
        weights.length / bias.length,
        bias.length,
        1,
        weights,
        bias,
        CUT,
        0,
        Activation.of(kind, 0));
  }

  private static long steps(Convolution conv, FloatArithmetic form) {
    AccumulatorBound bound = new AccumulatorBound(conv, RELU);
    return bound.steps(bound.worstChannel(form), form);
  }

  /** What a bound would say that knows only the largest weight and input of the tensors. */
  private static long largestForAll(Convolution conv, ValueRange input) {
    long weight = 0;
    for (byte w : conv.weights()) {
      weight = Math.max(weight, Math.abs(w));
    }
    return conv.fanIn() * weight * input.magnitude();
  }

  /** By a lowering that is told the range, on inputs that reach the bound and come back. */
  private static void assertExact(Convolution conv, ValueRange range, FloatArithmetic form) {
    FloatArithmetic first =
        new FloatArithmetic() {
          @Override
          List<FloatArithmetic> forms(Shape output) {
            List<FloatArithmetic> forms = form.forms(output);
            return form instanceof BlockedArithmetic ? List.of(form, PLAIN) : forms;
          }
        };
    Shape shape = Shape.of(1, 1, PIXELS, conv.inChannels());
    TensorData input = TensorData.wrap(DataType.XINT8, shape, extremes(shape, range));
    ConvolutionKernel kernel = new ConvolutionKernel(conv);
    ConvolutionLowering lowering =
        new ConvolutionLowering(first, ByteArithmetic.none(), new ByteFunctionProof());
    assertThat(lowering.refusal(kernel, List.of(range))).isNull();
    Tensor x = new Tensor("x", DataType.XINT8, shape);
    Tensor y = new Tensor("y", DataType.XINT8, conv.outputShape());
    FloatGraph graph = new FloatGraph();
    FloatGraph.Value in = graph.input(x);
    graph.output(y, lowering.lower(kernel, List.of(in), List.of(range), graph));
    try (OrtModel model = new OrtModel(graph.toBytes(), List.of(x), List.of(y), "bound", 2)) {
      TensorData actual = model.run(Map.of("x", input)).get("y");
      assertThat(actual.array()).isEqualTo(kernel.run(List.of(input)).array());
    }
  }

  private static void assertExact(FixProgram program, Op in) {
    Shape shape = in.output().shape();
    byte[] x = extremes(shape, ValueRange.INT8);
    TensorData input = TensorData.wrap(DataType.XINT8, shape, x);
    for (int threads = 1; threads <= 2; threads++) {
      for (FloatArithmetic form : List.of(PLAIN, new BlockedEverywhere(MirroredArithmetic::new))) {
        assertThat(Engines.difference(program, Map.of(in.output().name(), input), form, threads))
            .isNull();
      }
    }
  }

  /**
   * Pixels at the ends of the range, all channels at one or half of them at each; all but the first
   * four have some channels changed at random, so that sums which cancel end anywhere.
   */
  private static byte[] extremes(Shape shape, ValueRange range) {
    SplittableRandom random = new SplittableRandom(shape.dim(3));
    int channels = shape.dim(3);
    byte[] x = new byte[shape.elements()];
    for (int i = 0; i < x.length; i++) {
      int p = i / channels;
      int c = i % channels;
      ValueRange.Interval in = range.channel(c);
      boolean high = p % 2 == 0 ^ (p % 4 >= 2 && c >= channels / 2);
      boolean changed = p >= 4 && random.nextInt(channels) < 20;
      x[i] =
          (byte) (changed ? random.nextInt(in.low(), in.high() + 1) : high ? in.high() : in.low());
    }
    return x;
  }
}
