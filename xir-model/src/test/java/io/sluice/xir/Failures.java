package io.sluice.xir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Assertions on failures. */
final class Failures {
  private Failures() {}

  /** Fails unless the call throws this code and says something that contains a text. */
  static void assertFails(ErrorCode code, String text, ThrowingCallable call) {
    SluiceException failure = catchThrowableOfType(SluiceException.class, call);
    assertThat(failure).as("a failure " + code).isNotNull();
    assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
    assertThat(failure).hasMessageContaining(text);
    assertThat(failure.place()).isNotBlank();
    assertThat(failure.remedy()).isNotBlank();
  }
}
