package io.sluice.aks.kernel.image;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamType;
import io.sluice.aks.TensorSpec;
import io.sluice.xir.DataType;
import java.util.List;
import java.util.Optional;

/**
 * Reads and decodes images: a tensor UINT8 [H, W, 3], RGB, for each. {@code image_path} is read for
 * a job that brings and names no image.
 */
public final class ImageRead implements KernelProvider {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("ImageRead", "reads and decodes images")
        .withNumCu(8)
        .allows("image_path", ParamType.STRING);
  }

  /** Not known where jobs may name several images: a job's one image when it does not. */
  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return inputs.size() == 1
        ? Optional.of(List.of(TensorSpec.of(DataType.UINT8, TensorSpec.ANY, TensorSpec.ANY, 3)))
        : Optional.empty();
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    JobImages images = new JobImages(context);
    List<String> otherwise =
        params.has("image_path") ? List.of(params.getString("image_path")) : List.of();
    return (inputs, job) -> {
      var read = images.read(inputs, job, otherwise);
      job.putInts(
          Preprocess.IMG_DIMS,
          read.stream()
              .flatMapToInt(
                  image ->
                      java.util.stream.IntStream.of(3, Rasters.height(image), Rasters.width(image)))
              .toArray());
      return read;
    };
  }
}
