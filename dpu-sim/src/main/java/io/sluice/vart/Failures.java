package io.sluice.vart;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;

/** Brings a failure from the thread where it happened to the threads that wait. */
final class Failures {
  private Failures() {}

  /** The same failure with the stack of this thread, the first one as its cause. */
  static SluiceException again(Throwable failure, String what, String place) {
    if (failure instanceof SluiceException known) {
      return new SluiceException(known.code(), known.thing(), known.place(), known.remedy(), known);
    }
    return new SluiceException(
        ErrorCode.VART_GRAPH_ERROR,
        what + " failed: " + failure,
        place,
        "see the cause; a model that fails on every input is broken",
        failure);
  }
}
