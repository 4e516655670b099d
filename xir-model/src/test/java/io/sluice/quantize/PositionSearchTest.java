package io.sluice.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.xir.FixPoint;
import io.sluice.xir.RoundMode;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PositionSearchTest {
  private static final int BITS = 8;

  @Provide
  Arbitrary<float[]> tensors() {
    return Arbitraries.randomValue(
        random -> {
          // Heavy tails at scales from 2^-20 to 2^20, so that the search has reason to saturate.
          double scale = Math.scalb(1.0, random.nextInt(41) - 20);
          float[] values = new float[1 + random.nextInt(700)];
          for (int i = 0; i < values.length; i++) {
            double g = random.nextGaussian();
            values[i] = (float) (scale * g * g * g);
          }
          return values;
        });
  }

  private static boolean overflows(float[] values, int position) {
    for (float v : values) {
      double x = v * Math.scalb(1.0, position);
      if (x < -128.5 || x > 127.5) {
        return true;
      }
    }
    return false;
  }

  /** The definition, value by value. */
  private static double error(float[] values, int position, RoundMode round) {
    double sum = 0;
    for (float v : values) {
      double back = FixPoint.dequantize(FixPoint.quantize(v, position, BITS, round), position);
      sum += (v - back) * (v - back);
    }
    return sum;
  }

  private static int bruteForce(List<float[]> samples, RoundMode round, PositionMethod method) {
    int position = FixPoint.MAX_POSITION;
    while (overAny(samples, position)) {
      position--;
    }
    if (method == PositionMethod.NON_OVERFLOW) {
      return position;
    }
    int best = position;
    double least = Double.POSITIVE_INFINITY;
    for (int p = position; p < position + 5; p++) {
      double sum = 0;
      for (float[] s : samples) {
        sum += error(s, p, round);
      }
      if (sum < least * (1 - 1e-12)) {
        least = sum;
        best = p;
      }
    }
    return best;
  }

  private static boolean overAny(List<float[]> samples, int position) {
    return samples.stream().anyMatch(s -> overflows(s, position));
  }

  private static TensorStatistics statistics(float[] values, RoundMode round)
      throws TensorStatistics.NotFinite {
    return TensorStatistics.of(FloatBuffer.wrap(values), BITS, round);
  }

  @Property(tries = 300)
  void theSearchFindsWhatTryingEveryPositionFinds(
      @ForAll("tensors") float[] values, @ForAll RoundMode round, @ForAll PositionMethod method)
      throws TensorStatistics.NotFinite {
    int found = PositionSearch.search(List.of(statistics(values, round)), method);
    assertThat(found).isEqualTo(bruteForce(List.of(values), round, method));
  }

  @Property(tries = 200)
  void samplesOfDifferentRangesAreSearchedAsOne(
      @ForAll("tensors") float[] a, @ForAll("tensors") float[] b, @ForAll("tensors") float[] c)
      throws TensorStatistics.NotFinite {
    List<float[]> all = List.of(a, b, c);
    List<TensorStatistics> seen = new ArrayList<>();
    for (float[] s : all) {
      seen.add(statistics(s, RoundMode.DPU_ROUND));
    }
    for (PositionMethod method : PositionMethod.values()) {
      assertThat(PositionSearch.search(seen, method))
          .isEqualTo(bruteForce(all, RoundMode.DPU_ROUND, method));
    }
  }

  @Property(tries = 200)
  void oneLookGivesTheErrorAtEveryPositionThatMayBeAskedFor(
      @ForAll("tensors") float[] values, @ForAll RoundMode round)
      throws TensorStatistics.NotFinite {
    TensorStatistics seen = statistics(values, round);
    for (int p = seen.position() - 30; p <= seen.position() + 4; p++) {
      double expected = error(values, p, round);
      assertThat(seen.errorAt(p))
          .isBetween(expected * (1 - 1e-9), expected * (1 + 1e-9) + Double.MIN_NORMAL);
    }
  }

  @Property
  void thePositionOfARangeIsTheHighestWithoutOverflow(@ForAll float a, @ForAll float b) {
    float min = Math.min(a, b);
    float max = Math.max(a, b);
    int p = FixPoint.nonOverflowPosition(min, max, BITS);
    if (min == 0 && max == 0) {
      assertThat(p).isEqualTo(FixPoint.ZERO_TENSOR_POSITION);
      return;
    }
    float[] range = {min, max};
    assertThat(overflows(range, p)).isFalse();
    assertThat(p == FixPoint.MAX_POSITION || overflows(range, p + 1)).isTrue();
  }

  @Test
  void rangesAtTheEdgeOfAPosition() {
    assertThat(FixPoint.nonOverflowPosition(-128.5f, 0, BITS)).isZero();
    assertThat(FixPoint.nonOverflowPosition(0, 127.5f, BITS)).isZero();
    assertThat(FixPoint.nonOverflowPosition(0, Math.nextUp(127.5f), BITS)).isEqualTo(-1);
    assertThat(FixPoint.nonOverflowPosition(-1, 1, BITS)).isEqualTo(6);
    assertThat(FixPoint.nonOverflowPosition(0.25f, 0.5f, BITS)).isEqualTo(7);
    assertThat(FixPoint.nonOverflowPosition(0, Float.MAX_VALUE, BITS)).isEqualTo(-122);
    assertThat(FixPoint.nonOverflowPosition(0, Float.MIN_VALUE, BITS)).isEqualTo(127);
  }

  @Test
  void aTensorOfZerosHasNoErrorAndAPositionThatEveryOpTakes() throws Exception {
    TensorStatistics zero = statistics(new float[1000], RoundMode.DPU_ROUND);
    assertThat(zero.errorAt(100)).isZero();
    assertThat(PositionSearch.search(List.of(zero), PositionMethod.MIN_MSE)).isEqualTo(15);
    TensorStatistics one = statistics(new float[] {1}, RoundMode.DPU_ROUND);
    assertThat(PositionSearch.search(List.of(zero, one), PositionMethod.NON_OVERFLOW)).isEqualTo(6);
  }

  @Test
  void aValueThatIsNotFiniteIsNamed() {
    float[] values = new float[600];
    values[555] = Float.NaN;
    assertThatThrownBy(() -> statistics(values, RoundMode.DPU_ROUND))
        .hasMessage("value NaN at element 555");
  }

  @Test
  void theRoundingsDifferAtTies() {
    assertThat(RoundMode.DPU_ROUND.round(-2.5)).isEqualTo(-2);
    assertThat(RoundMode.PY3_ROUND.round(-2.5)).isEqualTo(-2);
    assertThat(RoundMode.STD_ROUND.round(-2.5)).isEqualTo(-3);
    assertThat(RoundMode.DPU_ROUND.round(2.5)).isEqualTo(3);
    assertThat(RoundMode.PY3_ROUND.round(2.5)).isEqualTo(2);
    assertThat(RoundMode.DPU_ROUND.round(Math.nextDown(0.5f))).isZero();
  }

  @Test
  void foldingDoesNotDependOnWhoSawWhatFirst() throws Exception {
    Random random = new Random(11);
    List<CalibrationStatistics> samples = new ArrayList<>();
    for (int s = 0; s < 24; s++) {
      List<TensorStatistics> tensors = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        float[] values = new float[100];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
        }
        tensors.add(statistics(values, RoundMode.DPU_ROUND));
      }
      samples.add(CalibrationStatistics.of(new SampleStatistics(s, tensors)));
    }
    CalibrationStatistics inOrder =
        samples.stream().reduce(CalibrationStatistics.empty(), CalibrationStatistics::merge);
    for (int shuffle = 0; shuffle < 10; shuffle++) {
      java.util.Collections.shuffle(samples, random);
      int cut = random.nextInt(samples.size());
      CalibrationStatistics left = merged(samples.subList(0, cut));
      CalibrationStatistics right = merged(samples.subList(cut, samples.size()));
      CalibrationStatistics both = right.merge(left);
      assertThat(both.toBytes()).isEqualTo(inOrder.toBytes());
    }
    CalibrationStatistics back = CalibrationStatistics.fromBytes(inOrder.toBytes());
    assertThat(back).isEqualTo(inOrder);
    assertThatThrownBy(() -> back.merge(samples.get(0))).hasMessageContaining("twice");
    byte[] cutShort = java.util.Arrays.copyOf(inOrder.toBytes(), 100);
    assertThatThrownBy(() -> CalibrationStatistics.fromBytes(cutShort))
        .hasMessageContaining("unreadable calibration statistics");
  }

  /** Through bytes, as a distributed calibration would. */
  private static CalibrationStatistics merged(List<CalibrationStatistics> parts) {
    CalibrationStatistics all = CalibrationStatistics.empty();
    for (CalibrationStatistics part : parts) {
      all = CalibrationStatistics.fromBytes(part.merge(all).toBytes());
    }
    return all;
  }
}
