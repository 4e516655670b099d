package io.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  @Test
  void timesAreInOrderFromOneOnAndTheSameForASeed() {
    List<Long> times = Arrivals.poisson(1000, 50, 7);

    assertThat(times).isSorted().hasSize(1000).allMatch(millis -> millis >= 1);
    assertThat(Arrivals.poisson(1000, 50, 7)).isEqualTo(times);
    assertThat(Arrivals.poisson(1000, 50, 8)).isNotEqualTo(times);
  }

  @Test
  void theGapsAreExponentialAtTheRate() {
    int count = 200_000;
    double rate = 20; // gaps of 50 ms, so that a millisecond is fine enough
    List<Long> times = Arrivals.poisson(count, rate, 1);
    double mean = times.get(count - 1) / (double) count;
    long longerThanMean = 0;
    for (int i = 1; i < count; i++) {
      longerThanMean += times.get(i) - times.get(i - 1) > mean ? 1 : 0;
    }

    assertThat(mean).isCloseTo(1e3 / rate, within(0.5));
    assertThat(longerThanMean / (double) count).isCloseTo(Math.exp(-1), within(0.01));
  }

  @Test
  void aRateOutOfRangeIsRefused() {
    for (double rate : new double[] {0, -1, Double.NaN, 2e6}) {
      assertThatThrownBy(() -> Arrivals.poisson(1, rate, 1)).hasMessageStartingWith("SLUICE_USAGE");
    }
  }
}
