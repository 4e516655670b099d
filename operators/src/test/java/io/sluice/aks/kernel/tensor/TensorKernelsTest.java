package io.sluice.aks.kernel.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.KernelRun;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TensorKernelsTest {
  @Property(tries = 200)
  void topKIsTheHeadOfAStableSort(
      @ForAll @IntRange(min = 0, max = 60) int count,
      @ForAll @IntRange(min = 1, max = 70) int k,
      @ForAll @IntRange(min = 1, max = 9) int distinct,
      @ForAll long seed) {
    Random random = new Random(seed);
    float[] values = new float[count + 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(distinct) - 2;
    }
    int[] expected =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> -values[i + 2]))
            .limit(k)
            .mapToInt(i -> i)
            .toArray();
    assertThat(TopK.indices(values, 2, count, k)).containsExactly(expected);
  }

  @Test
  void softmaxIsExactToFloatsAgainstManyDigits() {
    Random random = new Random(1);
    float[] values = new float[50];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * 6);
    }
    BigDecimal[] powers = new BigDecimal[values.length];
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < values.length; i++) {
      powers[i] = exp(new BigDecimal(values[i]));
      sum = sum.add(powers[i]);
    }
    float[] actual = values.clone();
    Softmax.inPlace(actual, 0, actual.length);
    for (int i = 0; i < values.length; i++) {
      float expected = powers[i].divide(sum, MathContext.DECIMAL128).floatValue();
      assertThat(actual[i]).isCloseTo(expected, within(expected * 2e-7f));
    }
  }

  @Test
  void hugeScoresDoNotOverflowAndOthersAreUntouched() {
    float[] values = {-5, 3e38f, 3e38f, -3e38f, 9};
    Softmax.inPlace(values, 1, 3);
    assertThat(values).containsExactly(-5, 0.5f, 0.5f, 0, 9);
  }

  @Test
  void scoresThatAreNoNumbersAreRefused() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Softmax.inPlace(new float[] {0, bad}, 0, 2))
          .hasMessageContaining("SLUICE_STAGE_FAILED")
          .hasMessageContaining("score 1");
    }
    assertThatThrownBy(() -> TopK.indices(new float[] {Float.NaN}, 0, 1, 1))
        .hasMessageContaining("score 0 is NaN");
  }

  @Test
  void addAddsToFloatsAndInts() {
    KernelRun add = new KernelRun(new Add(), Map.of("adder", ParamValue.of(3)));
    assertThat(add.apply(TensorData.ofFloats(Shape.of(2), 0.5f, -4)))
        .isEqualTo(List.of(TensorData.ofFloats(Shape.of(2), 3.5f, -1)));
    assertThat(add.apply(TensorData.ofInts(Shape.of(1, 1), Integer.MAX_VALUE)).get(0).getInt(0))
        .isEqualTo(Integer.MIN_VALUE + 2);
    assertThatThrownBy(() -> add.apply(TensorData.wrap(DataType.UINT8, Shape.of(1), new byte[1])))
        .hasMessageContaining("XIR_SHAPE_UNMATCH");
  }

  /** The series, after halving the argument until it converges fast. */
  private static BigDecimal exp(BigDecimal x) {
    BigDecimal small = x.divide(BigDecimal.valueOf(1024), MathContext.DECIMAL128);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int n = 1; n < 30; n++) {
      term = term.multiply(small).divide(BigDecimal.valueOf(n), MathContext.DECIMAL128);
      sum = sum.add(term);
    }
    return sum.pow(1024, MathContext.DECIMAL128);
  }
}
