package io.sluice.aks.kernel.detection;

import io.sluice.aks.JobParams;
import io.sluice.aks.kernel.KernelInputs;

/** The sizes of a job's images, from the parameter {@code img_dims} that preprocessing sets. */
final class ImageSizes {
  private final int[] dims;

  private ImageSizes(int[] dims) {
    this.dims = dims;
  }

  /**
   * @throws io.sluice.error.SluiceException SLUICE_STAGE_FAILED if the job has not the sizes of as
   *     many images
   */
  static ImageSizes of(JobParams job, int images) {
    int[] dims = job.getInts("img_dims");
    if (dims.length < 3 * images) {
      throw KernelInputs.unusable(
          "img_dims has " + dims.length + " values for " + images + " images of three");
    }
    for (int i = 0; i < 3 * images; i++) {
      if (dims[i] < 1) {
        throw KernelInputs.unusable("img_dims has a " + dims[i]);
      }
    }
    return new ImageSizes(dims);
  }

  int height(int image) {
    return dims[3 * image + 1];
  }

  int width(int image) {
    return dims[3 * image + 2];
  }
}
