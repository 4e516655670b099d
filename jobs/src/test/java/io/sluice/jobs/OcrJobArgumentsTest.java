package io.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What Flink's client is told when the job cannot be made. */
class OcrJobArgumentsTest {
  @Test
  void aFailureKeepsItsCode() {
    assertThatThrownBy(
            () -> OcrJob.main(new String[] {"--brokers", "b", "--models", "m", "--threads", "0"}))
        .hasMessageStartingWith("VART_RUNNER_CONSTRUCTION_FAIL: ")
        .hasMessageContaining("runner options");
  }

  @Test
  void wrongArgumentsAreWrongUsage() {
    assertThatThrownBy(() -> OcrJob.main(new String[] {"--broker", "b"}))
        .hasMessageStartingWith("SLUICE_USAGE: the arguments are wrong; at OcrJob; ");
  }
}
