package io.sluice.aks.kernel.detection;

import io.sluice.aks.JobParams;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.NodeParams;
import io.sluice.aks.TensorSpec;
import io.sluice.xir.DataType;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A kernel whose only output is boxes, FLOAT32 [n, 7]. */
abstract class BoxKernel implements KernelProvider {
  /** Finds the boxes of one image of a batch, in pixels of that image. */
  interface Finder {
    Stream<Box> boxes(int image, int width, int height);
  }

  @Override
  public final Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(List.of(TensorSpec.of(DataType.FLOAT32, TensorSpec.ANY, Box.ROW)));
  }

  /**
   * The boxes of all images of a batch, clipped to their image; those that lie beside it are left
   * out. Reads the job's {@code img_dims}.
   */
  static List<TensorData> onImages(JobParams job, int batch, Finder finder) {
    ImageSizes sizes = ImageSizes.of(job, batch);
    List<Box> all = new ArrayList<>();
    for (int b = 0; b < batch; b++) {
      int width = sizes.width(b);
      int height = sizes.height(b);
      finder
          .boxes(b, width, height)
          .filter(box -> box.isOn(width, height))
          .map(box -> box.clipped(width, height))
          .forEach(all::add);
    }
    return List.of(Box.tensor(all));
  }
}
