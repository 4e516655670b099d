package io.sluice.aks.kernel.image;

import io.sluice.aks.KernelSpec;
import io.sluice.aks.ParamType;

/** As {@link ClassificationImreadPreProcess}, for images that another node read. */
public final class ClassificationPreProcess extends Preprocess {
  public ClassificationPreProcess() {
    super(
        KernelSpec.of("ClassificationPreProcess", "resizes images, subtracts the mean")
            .withNumCu(1)
            .requires("mean", ParamType.FLOAT_ARRAY)
            .allows("th1", ParamType.INT)
            .allows("th2", ParamType.FLOAT),
        Source.BUFFERS,
        Fit.STRETCH,
        true);
  }
}
