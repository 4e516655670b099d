package io.sluice.xrm.alloc;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.Objects;
import java.util.Optional;

/**
 * The answer to a call: a value, or why there is none. What is refused leaves the allocator as it
 * was.
 *
 * @param error XRM's code; none when it was done
 * @param reason why not
 * @param detail the values involved, for people; empty when it was done
 * @param result what came of it; none when it was refused
 */
public record Reply<T>(
    Optional<ErrorCode> error, Reason reason, String detail, Optional<T> result) {
  public Reply {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(detail, "detail");
    if (error.isPresent() == result.isPresent()) {
      throw new IllegalArgumentException("an error or a result: " + error + ", " + result);
    }
  }

  static <T> Reply<T> of(T value) {
    return new Reply<>(Optional.empty(), Reason.NONE, "", Optional.of(value));
  }

  static <T> Reply<T> refuse(ErrorCode code, Reason reason, String detail) {
    return new Reply<>(Optional.of(code), reason, detail, Optional.empty());
  }

  /** The same refusal of something else. */
  <U> Reply<U> refusal() {
    return refuse(error.orElseThrow(), reason, detail);
  }

  public boolean isOk() {
    return error.isEmpty();
  }

  /** XRM's number: 0, or below it. */
  public int code() {
    return error.map(code -> code.number().orElseThrow()).orElse(0);
  }

  /**
   * What came of it.
   *
   * @throws SluiceException with XRM's code if it was refused
   */
  public T value() {
    return result.orElseThrow(
        () ->
            new SluiceException(
                error.orElseThrow(), detail, "resource manager", "reason " + reason));
  }
}
