package io.sluice.target;

import java.io.Serializable;
import java.util.Set;

/**
 * An engine beside the convolution engine.
 *
 * @param kind which one
 * @param channelParallel channels in one cycle
 * @param pixelParallel rows in one cycle
 * @param types what it computes, in the words of the target description, e.g. MAX_POOL, MACC_TEMP
 * @param kernel allowed kernel widths and heights; null if it has none
 * @param stride allowed strides; null if it has none
 * @param pad allowed padding; null if the description sets no limit
 * @param nonlinear activations that it applies to its result
 */
public record Engine(
    Kind kind,
    int channelParallel,
    int pixelParallel,
    Set<String> types,
    IntRanges kernel,
    IntRanges stride,
    PadLimit pad,
    Set<Nonlinear> nonlinear)
    implements Serializable {
  /** The engines that target descriptions know. */
  public enum Kind {
    ELTWISE,
    POOL,
    DWCONV,
    ALU,
    MOVE,
    THRESHOLD,
    SAVE
  }

  /** Allowed padding per side. */
  public record PadLimit(IntRanges left, IntRanges right, IntRanges top, IntRanges bottom)
      implements Serializable {}

  public Engine {
    types = types == null ? Set.of() : Set.copyOf(types);
    nonlinear = nonlinear == null ? Set.of() : Set.copyOf(nonlinear);
  }
}
