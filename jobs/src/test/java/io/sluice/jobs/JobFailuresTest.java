package io.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class JobFailuresTest {
  @Test
  void theCauseThatCarriesACodeIsTheFailure() {
    SluiceException known = new SluiceException(ErrorCode.SLUICE_LIMIT, "thing", "place", "remedy");
    Throwable failure = new ExecutionException(new IllegalStateException(known));
    assertThat(JobFailures.of(failure, "job")).isSameAs(known);
  }

  @Test
  void withoutACodeTheLastCauseIsTold() {
    Throwable failure = new ExecutionException(new IllegalStateException("odd"));
    assertThat(JobFailures.of(failure, "job"))
        .hasMessageStartingWith("SLUICE_STAGE_FAILED: the job failed (")
        .hasMessageContaining("IllegalStateException: odd")
        .hasMessageContaining("at job")
        .hasCause(failure);
  }
}
