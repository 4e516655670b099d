package io.sluice.aks.kernel.image;

import io.sluice.aks.KernelSpec;

/** Reads images and letterboxes them, RGB, 0 to 1, the border 0.5. */
public final class DetectionImreadPreProcess extends Preprocess {
  public DetectionImreadPreProcess() {
    super(
        KernelSpec.of(
                "DetectionImreadPreProcess", "reads and letterboxes images for a YOLO network")
            .withNumCu(4),
        Source.READ,
        Fit.LETTERBOX,
        false);
  }
}
