package io.sluice.aks.kernel.image;

import io.sluice.aks.KernelSpec;
import io.sluice.aks.ParamType;

/** As {@link FaceDetectImreadPreProcess}, for images that another node read. */
public final class FaceDetectPreProcess extends Preprocess {
  public FaceDetectPreProcess() {
    super(
        KernelSpec.of("FaceDetectPreProcess", "prepares images for a face detector")
            .withNumCu(4)
            .requires("mean", ParamType.FLOAT_ARRAY),
        Source.BUFFERS,
        Fit.STRETCH,
        true);
  }
}
