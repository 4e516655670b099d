package io.sluice.quantize;

/**
 * What a round of calibration has seen of some samples: a mergeable accumulator. Which samples were
 * merged in which order does not show in the result. Immutable.
 */
public interface Observation {
  /** The number of samples seen. */
  int sampleCount();

  /**
   * Of the samples of both.
   *
   * @throws io.sluice.error.SluiceException QUANTIZER_TF2_INVALID_CALIB_DATASET if a sample is in
   *     both, or if they are of different rounds or graphs
   */
  Observation with(Observation other);

  /** The whole as bytes; equal observations give equal bytes. */
  byte[] toBytes();
}
