package io.sluice.dpu.timing;

import io.sluice.target.Platform;

/**
 * How long a compute unit is busy with a batch. Modelled; the same arguments give the same time.
 */
@FunctionalInterface
public interface ServiceTimeModel {
  /**
   * @param model what runs, compiled for the platform's target
   * @param platform where it runs
   * @param batch images, 1 or more; more than the unit takes at once run one group after the other
   * @param activeUnits units of the card that are busy at the same time, this one included; they
   *     share the memory
   * @return nanoseconds, more than 0
   * @throws io.sluice.error.SluiceException VART_DEVICE_MISMATCH if the model was compiled for
   *     another target, SLUICE_USAGE if batch or activeUnits is out of range
   */
  long serviceTimeNs(ModelProfile model, Platform platform, int batch, int activeUnits);
}
