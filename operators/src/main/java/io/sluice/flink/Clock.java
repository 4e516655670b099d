package io.sluice.flink;

/** How simulated devices and the stream agree about time. */
public enum Clock {
  /**
   * The timestamp of a record is simulated time in nanoseconds. The stream runs as fast as the
   * machine allows, and the same input gives the same times. For bounded input.
   */
  VIRTUAL,

  /** Simulated time is the machine's: a result is held until its modelled finish. */
  PACED
}
