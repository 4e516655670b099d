package io.sluice.aks.ocr;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.ImageDecoder;
import io.sluice.aks.kernel.ImageLimits;
import io.sluice.xir.DataType;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Optional;

/**
 * The encoded image of a job, or the file that it names, to UINT8 [H, W, 3]. The job gets {@code
 * image_size}: height and width in pixels.
 */
public final class OcrDecodeImage implements KernelProvider {
  static final String IMAGE_SIZE = "image_size";

  @Override
  public KernelSpec spec() {
    return KernelSpec.of("OcrDecodeImage", "Decodes the page of a job");
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(List.of(TensorSpec.of(DataType.UINT8, TensorSpec.ANY, TensorSpec.ANY, 3)));
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    return (inputs, job) -> {
      byte[] encoded =
          inputs.isEmpty() ? context.readImage(job.imagePaths().get(0)) : inputs.get(0).array();
      TensorData pixels = new ImageDecoder(ImageLimits.standard()).decode(encoded);
      job.putInts(IMAGE_SIZE, pixels.shape().dim(0), pixels.shape().dim(1));
      return List.of(pixels);
    };
  }
}
