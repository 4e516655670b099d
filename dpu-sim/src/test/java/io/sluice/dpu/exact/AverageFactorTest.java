package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AverageFactorTest {

  @ParameterizedTest
  @CsvSource({
    "3, 3, 7, 6",
    "5, 5, 10, 8",
    "6, 6, 7, 8",
    "3, 6, 14, 8",
    "6, 3, 14, 8",
    "7, 7, 21, 10",
    "14, 14, 21, 12",
    "1, 1, 1, 0",
    "2, 2, 1, 2",
    "8, 8, 1, 6",
    "2, 3, 85, 9"
  })
  void kernelsHaveTheFactorsOfTheQuantizers(int width, int height, int n, int m) {
    assertThat(AverageFactor.of(width, height)).isEqualTo(new AverageFactor(n, m));
  }

  @Property
  void noOtherFactorOfEightBitsIsNearer(
      @ForAll @IntRange(min = 1, max = 200) int width,
      @ForAll @IntRange(min = 1, max = 200) int height) {
    int area = width * height;
    AverageFactor factor = AverageFactor.of(width, height);
    if (factor.equals(new AverageFactor(7, 6))
        || Math.max(width, height) <= 14 && (width == height || width * 2 == height)
        || width == 2 * height) {
      return;
    }
    BigDecimal target = BigDecimal.ONE.divide(BigDecimal.valueOf(area), new MathContext(60));
    BigDecimal error = error(factor.multiplier(), factor.shift(), target);
    for (int m = 0; Math.scalb(1.0, m) < 128.0 * area; m++) {
      int n = (int) Math.round(Math.scalb(1.0, m) / area);
      BigDecimal other = error(n, m, target);
      assertThat(other).isGreaterThanOrEqualTo(error);
      if (m < factor.shift()) {
        assertThat(other).isGreaterThan(error);
      }
    }
  }

  @Test
  void globalPoolsOfAPageKeepTheFactorWithinEightBits() {
    assertThat(AverageFactor.of(160, 160)).isEqualTo(new AverageFactor(41, 20));
  }

  private static BigDecimal error(int n, int m, BigDecimal target) {
    return Exactly.scaled(n, -m).subtract(target).abs();
  }
}
