package io.sluice.aks.kernel.image;

import io.sluice.aks.KernelSpec;

/** As {@link DetectionImreadPreProcess}, for images that another node read. */
public final class DetectionPreProcess extends Preprocess {
  public DetectionPreProcess() {
    super(
        KernelSpec.of("DetectionPreProcess", "letterboxes images for a YOLO network").withNumCu(2),
        Source.BUFFERS,
        Fit.LETTERBOX,
        false);
  }
}
