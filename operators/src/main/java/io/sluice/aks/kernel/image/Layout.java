package io.sluice.aks.kernel.image;

import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.KernelParams;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;

/** The order of a tensor's axes. */
public enum Layout {
  NHWC,
  NCHW;

  /** The layout that a parameter names. */
  public static Layout of(KernelParams params, String name) {
    return valueOf(params.choice(name, "NCHW", "NHWC"));
  }

  /** The shape of images of three channels. */
  Shape shape(int batch, int height, int width) {
    return this == NHWC ? Shape.of(batch, height, width, 3) : Shape.of(batch, 3, height, width);
  }

  /** What is known of a FLOAT32 batch of images of three channels. */
  TensorSpec spec(int height, int width) {
    return this == NHWC
        ? TensorSpec.of(DataType.FLOAT32, TensorSpec.ANY, height, width, 3)
        : TensorSpec.of(DataType.FLOAT32, TensorSpec.ANY, 3, height, width);
  }
}
