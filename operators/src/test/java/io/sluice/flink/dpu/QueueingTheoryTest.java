package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A slot is the queue of the textbooks: Poisson arrivals, fixed service, in order of arrival. Every
 * wait is that of the recursion, to the nanosecond; the mean over 1,000,000 requests is within 2%
 * of theory. The mean of one such run at load 0.9 has a standard error of about 2% itself, so there
 * it is taken over several runs; the seeds are 1, 2, ...
 */
class QueueingTheoryTest {
  private static final int REQUESTS = 1_000_000;

  @Test
  void theFormulaForSeveralServersIsThatForOneWhenThereIsOne() {
    for (double load : new double[] {0.1, 0.3, 0.6, 0.9}) {
      assertThat(QueueingTheory.meanWaitOfSeveral(1, load))
          .isCloseTo(QueueingTheory.meanWaitOfOne(load), within(1e-6));
    }
  }

  @ParameterizedTest
  @Tag("slow")
  @CsvSource({"1,0.3,1", "1,0.6,1", "1,0.9,4", "4,0.3,4", "4,0.6,1", "4,0.9,4"})
  void theMeanWaitIsThatOfTheory(int units, double load, int runs) {
    DpuNode node =
        new DpuNode(
            "net",
            "in",
            List.of("out"),
            Map.of(4, DpuModels.model("fixed", DpuModels.ZCU102_TARGET, 1e5)),
            1,
            units);
    DpuSettings settings = DpuModels.settings(Duration.ofSeconds(1));
    long serviceNs =
        new ServiceTimes()
            .ns(node.modelsByWidth().get(4), DpuScheduleTest.lease(1, 1).orElseThrow(), 1);
    double mean = 0;
    for (int seed = 1; seed <= runs; seed++) {
      PoissonLoad poisson = new PoissonLoad(REQUESTS, units * load / serviceNs, seed);
      PoissonLoad.Seen seen =
          poisson.play(node, settings, DpuScheduleTest.lease(1, 1).orElseThrow());
      double meanOfRun = seen.meanWaitNs() / serviceNs;
      System.out.printf(
          Locale.ROOT,
          "M/D/%d load %.1f seed %d: mean wait %.4f service times, error %.1f%%; %.2f M requests per second of CPU time measured%n",
          units,
          load,
          seed,
          meanOfRun,
          100 * seen.relativeErrorOfWait(),
          REQUESTS * 1e3 / seen.cpuNs());
      mean += meanOfRun / runs;

      assertThat(seen.waitNs())
          .isEqualTo(QueueingTheory.waits(poisson.arrivalsNs(), units, serviceNs));
    }
    double theory = QueueingTheory.meanWaitOfSeveral(units, load);
    System.out.printf(
        Locale.ROOT,
        "M/D/%d load %.1f: mean wait %.5f, theory %.5f, off by %.2f%%%n",
        units,
        load,
        mean,
        theory,
        100 * (mean / theory - 1));

    assertThat(mean).isCloseTo(theory, Percentage.withPercentage(2));
  }
}
