package io.sluice.aks;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The machine's time, which the task managers of a job are taken to share. */
final class WallClock {
  private WallClock() {}

  /** Microseconds since the epoch. */
  static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
