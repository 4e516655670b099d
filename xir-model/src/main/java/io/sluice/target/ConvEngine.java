package io.sluice.target;

import java.io.Serializable;
import java.util.Set;

/**
 * The convolution engine. In one cycle it multiplies {@code inputChannelParallel} channels of
 * {@code pixelParallel} rows with the weights of {@code outputChannelParallel} output channels.
 *
 * @param channelAugmentation how many of {@code kernel width * input channels} it packs in a first
 *     layer of few channels; 0 if it cannot
 * @param kernel allowed kernel widths and heights
 * @param stride allowed strides
 * @param nonlinear activations that it applies to its result
 */
public record ConvEngine(
    int inputChannelParallel,
    int outputChannelParallel,
    int pixelParallel,
    int channelAugmentation,
    IntRanges kernel,
    IntRanges stride,
    Set<Nonlinear> nonlinear)
    implements Serializable {
  public ConvEngine {
    nonlinear = Set.copyOf(nonlinear);
  }

  /** Operations in one cycle; a multiplication and its addition count two. */
  public long peakOpsPerCycle() {
    return 2L * inputChannelParallel * outputChannelParallel * pixelParallel;
  }
}
