package io.sluice.aks.kernel.detection;

import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.tensor.Softmax;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes SSD (Liu et al., 2016): offsets relative to prior boxes, and scores of classes of which
 * the first is the background.
 *
 * @param anchors centre x, centre y, width, height of each prior box, relative to the input
 * @param classes number of classes, the background included
 * @param variances what the four offsets are multiplied with
 * @param softmax whether the scores are no probabilities yet
 * @param confidence a class is found where its probability is above this
 */
record SsdDecoder(
    float[] anchors, int classes, float[] variances, boolean softmax, float confidence)
    implements Serializable {
  /** No box is larger than this many times its prior: exp() overflows soon. */
  private static final double MAX_GROWTH = 1e4;

  int count() {
    return anchors.length / 4;
  }

  /**
   * The boxes of one image before suppression, not clipped.
   *
   * @param offsets [N, count, 4]
   * @param scores [N, count, classes]
   */
  List<Box> decode(float[] offsets, float[] scores, int image, int width, int height) {
    List<Box> boxes = new ArrayList<>();
    float[] of = new float[classes];
    for (int i = 0; i < count(); i++) {
      int at = image * count() + i;
      System.arraycopy(scores, at * classes, of, 0, classes);
      if (softmax) {
        Softmax.inPlace(of, 0, classes);
      }
      Box box = null;
      for (int k = 1; k < classes; k++) {
        if (Float.isNaN(of[k])) {
          throw KernelInputs.unusable("score " + k + " of box " + i + " is NaN");
        }
        if (of[k] > confidence) {
          box = box == null ? box(offsets, at * 4, i * 4, image, width, height) : box;
          boxes.add(new Box(image, box.left(), box.top(), box.right(), box.bottom(), k, of[k]));
        }
      }
      Box.bounded(boxes.size());
    }
    return boxes;
  }

  private Box box(float[] offsets, int at, int prior, int image, int width, int height) {
    for (int j = 0; j < 4; j++) {
      if (!Float.isFinite(offsets[at + j])) {
        throw KernelInputs.unusable(
            "offset " + j + " of box " + prior / 4 + " is " + offsets[at + j]);
      }
    }
    double x = anchors[prior] + (double) offsets[at] * variances[0] * anchors[prior + 2];
    double y = anchors[prior + 1] + (double) offsets[at + 1] * variances[1] * anchors[prior + 3];
    double w = grown(offsets[at + 2] * variances[2]) * anchors[prior + 2];
    double h = grown(offsets[at + 3] * variances[3]) * anchors[prior + 3];
    return new Box(
        image,
        (float) ((x - w / 2) * width),
        (float) ((y - h / 2) * height),
        (float) ((x + w / 2) * width),
        (float) ((y + h / 2) * height),
        0,
        0);
  }

  private static double grown(double exponent) {
    return Math.min(MAX_GROWTH, Math.exp(exponent));
  }
}
