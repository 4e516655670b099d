package io.sluice.quantize;

/** How the fix position of a tensor is found. */
public enum PositionMethod {
  /** The highest position at which nothing overflows. */
  NON_OVERFLOW,
  /**
   * Of the non-overflow position and the four above it, the one with the least sum of squared
   * error; the lowest of several. It may saturate outliers for the sake of the rest.
   */
  MIN_MSE
}
