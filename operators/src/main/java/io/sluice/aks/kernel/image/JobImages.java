package io.sluice.aks.kernel.image;

import io.sluice.aks.JobParams;
import io.sluice.aks.KernelContext;
import io.sluice.aks.kernel.ImageDecoder;
import io.sluice.aks.kernel.ImageLimits;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.TensorData;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The images of a job: those that it brought with it, encoded (UINT8 [n]) or decoded, else those
 * whose paths it names.
 */
final class JobImages implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int MAX_IMAGES = 256;

  private final KernelContext context;

  JobImages(KernelContext context) {
    this.context = context;
  }

  /**
   * @param otherwise the paths that are read when the job brings and names nothing
   * @return [H, W, 3], RGB, at least one
   */
  List<TensorData> read(List<TensorData> inputs, JobParams job, List<String> otherwise) {
    ImageDecoder decoder = new ImageDecoder(ImageLimits.standard());
    List<TensorData> images = new ArrayList<>();
    if (inputs.isEmpty()) {
      List<String> paths = job.imagePaths().isEmpty() ? otherwise : job.imagePaths();
      bounded(paths.size());
      for (String path : paths) {
        images.add(decoder.decode(context.readImage(path)));
      }
    } else {
      bounded(inputs.size());
      for (TensorData input : inputs) {
        if (input.shape().rank() == 1 && input.type().equals(DataType.UINT8)) {
          images.add(decoder.decode(input.array()));
        } else {
          images.addAll(Rasters.images(List.of(input)));
        }
      }
    }
    return images;
  }

  private static void bounded(int count) {
    if (count < 1 || count > MAX_IMAGES) {
      throw new SluiceException(
          ErrorCode.SLUICE_REQUEST_INVALID,
          "a job of " + count + " images",
          "image reading",
          "give 1 to " + MAX_IMAGES + " images, as paths or as encoded bytes");
    }
  }
}
