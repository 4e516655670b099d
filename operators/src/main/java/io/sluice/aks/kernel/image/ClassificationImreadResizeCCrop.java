package io.sluice.aks.kernel.image;

import io.sluice.aks.KernelSpec;
import io.sluice.aks.ParamType;

/**
 * Reads images, resizes them until they cover the network's input, cuts out the middle and
 * subtracts the mean, RGB.
 */
public final class ClassificationImreadResizeCCrop extends Preprocess {
  public ClassificationImreadResizeCCrop() {
    super(
        KernelSpec.of(
                "ClassificationImreadResizeCCrop",
                "reads images, resizes their short side, crops the centre, subtracts the mean")
            .withNumCu(20)
            .requires("mean", ParamType.FLOAT_ARRAY),
        Source.READ,
        Fit.CENTRE_CROP,
        false);
  }
}
