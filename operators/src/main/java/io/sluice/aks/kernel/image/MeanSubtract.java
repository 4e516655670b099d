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
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Optional;

/**
 * Subtracts a value from each channel of images that have the network's size already: [H, W, 3] or
 * [N, H, W, 3] becomes FLOAT32 [N, H, W, 3] or [N, 3, H, W]. The channels keep their order, and
 * {@code mean} is in it.
 */
public final class MeanSubtract implements KernelProvider {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("MeanSubtract", "subtracts the mean of each channel")
        .requires("net_h", ParamType.INT)
        .requires("net_w", ParamType.INT)
        .defaults("net_c", ParamValue.of(3))
        .requires("mean", ParamType.FLOAT_ARRAY)
        .defaults("output_layout", ParamValue.of("NCHW"));
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    NetworkInput.Format format = format(params);
    return Optional.of(List.of(format.layout().spec(format.height(), format.width())));
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    NetworkInput.Format format = format(params);
    return (inputs, job) -> {
      List<TensorData> images = Rasters.images(inputs);
      NetworkInput result = new NetworkInput(images.size(), format);
      for (int i = 0; i < images.size(); i++) {
        TensorData image = images.get(i);
        if (Rasters.height(image) != format.height() || Rasters.width(image) != format.width()) {
          throw KernelInputs.unfit(
              image.toString(), "an image of " + format.width() + " x " + format.height());
        }
        result.put(i, image, 0, 0);
      }
      return List.of(result.tensor());
    };
  }

  private NetworkInput.Format format(NodeParams nodeParams) {
    KernelParams params = new KernelParams(this, nodeParams);
    params.integer("net_c", 3, 3);
    return new NetworkInput.Format(
        params.side("net_w"),
        params.side("net_h"),
        Layout.of(params, "output_layout"),
        false,
        params.numbers("mean", 3),
        1,
        0);
  }
}
