package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.dpu.BatchPolicy.Decision;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DynamicBatchingTest {
  private static final int MAXIMUM = 14;

  private static BatchPolicy policy(long delayNs, Integer... preferred) {
    return new DynamicBatching(
        new BatchingSettings(
            BatchingSettings.OF_TARGET, List.of(preferred), Duration.ofNanos(delayNs)));
  }

  @Test
  void withoutADelayWhatWaitsBeginsAtOnceUpToTheMaximum() {
    assertThat(policy(0).decide(3, MAXIMUM, 5, 5)).isEqualTo(Decision.begin(3));
    assertThat(policy(0).decide(40, MAXIMUM, 5, 5)).isEqualTo(Decision.begin(MAXIMUM));
  }

  @Test
  void aBatchThatIsNotFullIsPutOffUntilItsOldestHasWaitedForTheDelay() {
    assertThat(policy(100).decide(3, MAXIMUM, 5, 5)).isEqualTo(Decision.waitUntil(105));
    assertThat(policy(100).decide(3, MAXIMUM, 5, 104)).isEqualTo(Decision.waitUntil(105));
    assertThat(policy(100).decide(3, MAXIMUM, 5, 105)).isEqualTo(Decision.begin(3));
  }

  @Test
  void aFullBatchIsNotPutOff() {
    assertThat(policy(100).decide(14, MAXIMUM, 5, 5)).isEqualTo(Decision.begin(14));
  }

  @Test
  void theLargestPreferredSizeThatCanBeFormedBeginsAtOnce() {
    assertThat(policy(100, 8, 4).decide(13, MAXIMUM, 5, 5)).isEqualTo(Decision.begin(8));
    assertThat(policy(100, 8, 4).decide(5, MAXIMUM, 5, 5)).isEqualTo(Decision.begin(4));
    assertThat(policy(100, 8, 4).decide(3, MAXIMUM, 5, 5)).isEqualTo(Decision.waitUntil(105));
  }

  @Test
  void whenTheDelayIsOverAllBeginWhateverIsPreferred() {
    assertThat(policy(100, 8, 4).decide(13, MAXIMUM, 5, 105)).isEqualTo(Decision.begin(13));
  }

  @Test
  void withoutADelayAPreferredSizeGoesBeforeALargerBatch() {
    assertThat(policy(0, 8, 4).decide(13, MAXIMUM, 5, 5)).isEqualTo(Decision.begin(8));
    assertThat(policy(0, 8, 4).decide(3, MAXIMUM, 5, 5)).isEqualTo(Decision.begin(3));
  }

  @Test
  void preferredSizesThatAUnitDoesNotTakeMeanNothing() {
    assertThat(policy(100, 20).decide(30, MAXIMUM, 5, 5)).isEqualTo(Decision.begin(MAXIMUM));
  }

  @Property
  void noRequestWaitsForCompanyBeyondTheDelayAndNoBatchIsTooLarge(
      @ForAll @IntRange(min = 1, max = 50) int waiting,
      @ForAll @IntRange(min = 1, max = 20) int maximum,
      @ForAll @IntRange(max = 200) int delayNs,
      @ForAll @IntRange(max = 400) int waitedNs,
      @ForAll @IntRange(min = 1, max = 20) int preferred) {
    Decision decision = policy(delayNs, preferred).decide(waiting, maximum, 1000, 1000 + waitedNs);

    assertThat(decision.size()).isBetween(0, Math.min(waiting, maximum));
    if (decision.size() == 0) {
      assertThat(decision.againNs()).isEqualTo(1000L + delayNs).isGreaterThan(1000 + waitedNs);
    }
  }
}
