package io.sluice.aks.kernel.image;

import io.sluice.aks.KernelSpec;
import io.sluice.aks.ParamType;

/** Reads images, resizes them to the network's input and subtracts the mean, BGR. */
public final class FaceDetectImreadPreProcess extends Preprocess {
  public FaceDetectImreadPreProcess() {
    super(
        KernelSpec.of("FaceDetectImreadPreProcess", "reads images for a face detector")
            .withNumCu(8)
            .requires("mean", ParamType.FLOAT_ARRAY),
        Source.READ,
        Fit.STRETCH,
        true);
  }
}
