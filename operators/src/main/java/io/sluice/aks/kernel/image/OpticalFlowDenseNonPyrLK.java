package io.sluice.aks.kernel.image;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamType;
import io.sluice.aks.ParamValue;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.KernelParams;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Optional;

/**
 * Dense optical flow, see {@link OpticalFlow}; on this machine's processor where AKS's runs on a
 * U200, so {@code xclbin} and {@code lk_kName} may be given and do nothing. Takes the current
 * image, then the previous one: UINT8 of of_h x of_w values, or of three times as many, RGB. Gives
 * two FLOAT32 [of_h, of_w]: the motion along x and along y, in pixels.
 */
public final class OpticalFlowDenseNonPyrLK implements KernelProvider {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("OpticalFlowDenseNonPyrLK", "dense optical flow, Lucas-Kanade")
        .allows("xclbin", ParamType.STRING)
        .requires("of_w", ParamType.INT)
        .requires("of_h", ParamType.INT)
        .allows("lk_kName", ParamType.STRING)
        .defaults("window", ParamValue.of(11));
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams nodeParams, List<TensorSpec> inputs) {
    KernelParams params = new KernelParams(this, nodeParams);
    TensorSpec flow = TensorSpec.of(DataType.FLOAT32, params.side("of_h"), params.side("of_w"));
    return Optional.of(List.of(flow, flow));
  }

  @Override
  public Kernel create(NodeParams nodeParams, KernelContext context) {
    KernelParams params = new KernelParams(this, nodeParams);
    int width = params.side("of_w");
    int height = params.side("of_h");
    int window = params.integer("window", 3, 63);
    if (window % 2 == 0) {
      throw params.bad("window", window, "give an odd number");
    }
    return (inputs, job) -> {
      KernelInputs.exactly(inputs, 2);
      float[][] flow =
          new OpticalFlow(width, height, window)
              .between(
                  brightness(inputs.get(0), width * height),
                  brightness(inputs.get(1), width * height));
      Shape shape = Shape.of(height, width);
      return List.of(TensorData.ofFloats(shape, flow[0]), TensorData.ofFloats(shape, flow[1]));
    };
  }

  private static int[] brightness(TensorData image, int pixels) {
    boolean gray = image.shape().elements() == pixels;
    boolean rgb = image.shape().elements() == 3L * pixels;
    if (!image.type().equals(DataType.UINT8) || !gray && !rgb) {
      throw KernelInputs.unfit(image.toString(), "UINT8 of " + pixels + " pixels");
    }
    byte[] bytes = image.array();
    int[] values = new int[pixels];
    for (int i = 0; i < pixels; i++) {
      values[i] =
          gray
              ? bytes[i] & 0xff
              : ((bytes[3 * i] & 0xff) * 299
                      + (bytes[3 * i + 1] & 0xff) * 587
                      + (bytes[3 * i + 2] & 0xff) * 114
                      + 500)
                  / 1000;
    }
    return values;
  }
}
