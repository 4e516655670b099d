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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Kernel {@code Letterbox}: an image UINT8 [H, W, 3] resized, its aspect ratio kept, into the
 * middle of UINT8 [net_h, net_w, 3] filled with {@code fill}. Sets the job's {@code img_dims}, with
 * which boxes are brought back.
 */
public final class LetterboxImage implements KernelProvider {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("Letterbox", "resizes an image into the middle of a canvas")
        .requires("net_w", ParamType.INT)
        .requires("net_h", ParamType.INT)
        .defaults("fill", ParamValue.of(128));
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams nodeParams, List<TensorSpec> inputs) {
    KernelParams params = new KernelParams(this, nodeParams);
    return Optional.of(
        List.of(TensorSpec.of(DataType.UINT8, params.side("net_h"), params.side("net_w"), 3)));
  }

  @Override
  public Kernel create(NodeParams nodeParams, KernelContext context) {
    KernelParams params = new KernelParams(this, nodeParams);
    int netWidth = params.side("net_w");
    int netHeight = params.side("net_h");
    byte fill = (byte) params.integer("fill", 0, 255);
    return (inputs, job) -> {
      TensorData image = Rasters.requireColour(KernelInputs.only(inputs));
      job.putInts(Preprocess.IMG_DIMS, 3, Rasters.height(image), Rasters.width(image));
      return List.of(canvas(image, netWidth, netHeight, fill));
    };
  }

  private static TensorData canvas(TensorData image, int netWidth, int netHeight, byte fill) {
    if (!image.type().equals(DataType.UINT8)) {
      throw KernelInputs.unfit(image.toString(), "an image of UINT8");
    }
    Letterbox box = Letterbox.of(Rasters.width(image), Rasters.height(image), netWidth, netHeight);
    byte[] resized = Resize.bilinear(image, box.width(), box.height()).array();
    byte[] canvas = new byte[netWidth * netHeight * 3];
    Arrays.fill(canvas, fill);
    int row = box.width() * 3;
    for (int y = 0; y < box.height(); y++) {
      int to = ((box.top() + y) * netWidth + box.left()) * 3;
      System.arraycopy(resized, y * row, canvas, to, row);
    }
    return TensorData.wrap(DataType.UINT8, Shape.of(netHeight, netWidth, 3), canvas);
  }
}
