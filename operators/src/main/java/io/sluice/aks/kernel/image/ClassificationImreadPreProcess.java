package io.sluice.aks.kernel.image;

import io.sluice.aks.KernelSpec;
import io.sluice.aks.ParamType;

/**
 * Reads images, resizes them to the network's input and subtracts the mean, BGR. th1 and th2 are
 * declared by AKS and do nothing there either.
 */
public final class ClassificationImreadPreProcess extends Preprocess {
  public ClassificationImreadPreProcess() {
    super(
        KernelSpec.of(
                "ClassificationImreadPreProcess", "reads images, resizes them, subtracts the mean")
            .withNumCu(8)
            .requires("mean", ParamType.FLOAT_ARRAY)
            .allows("th1", ParamType.INT)
            .allows("th2", ParamType.FLOAT),
        Source.READ,
        Fit.STRETCH,
        true);
  }
}
