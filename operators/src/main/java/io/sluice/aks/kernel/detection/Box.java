package io.sluice.aks.kernel.detection;

import io.sluice.aks.kernel.KernelInputs;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;

/**
 * A box that a detector found. Between kernels boxes are rows of a FLOAT32 [n, 7] in AKS's order:
 * batch, left, bottom, right, top, label, score.
 *
 * @param batch the image in the batch
 * @param left smallest x, in pixels of the image
 * @param top smallest y: y grows downward
 * @param right largest x
 * @param bottom largest y
 * @param label the class
 * @param score how sure the detector is
 */
public record Box(
    int batch, float left, float top, float right, float bottom, int label, float score) {
  /** Values of a row. */
  static final int ROW = 7;

  private static final int MAX_BOXES = 4_000_000;

  /** The area in square pixels; 0 for a box that is turned inside out. */
  double area() {
    return Math.max(0, (double) right - left) * Math.max(0, (double) bottom - top);
  }

  Box withScore(float newScore) {
    return new Box(batch, left, top, right, bottom, label, newScore);
  }

  Box moved(int newBatch, float x, float y) {
    return new Box(newBatch, left + x, top + y, right + x, bottom + y, label, score);
  }

  /** Whether some of it lies on an image of a size, or could if it had an area. */
  boolean isOn(int width, int height) {
    return right >= 0
        && bottom >= 0
        && left < width
        && top < height
        && left <= right
        && top <= bottom;
  }

  /** The box with its sides on pixels of an image: 0 to size - 1, as AKS gives them. */
  Box clipped(int width, int height) {
    return new Box(
        batch,
        Math.max(0, Math.min(width - 1, left)),
        Math.max(0, Math.min(height - 1, top)),
        Math.max(0, Math.min(width - 1, right)),
        Math.max(0, Math.min(height - 1, bottom)),
        label,
        score);
  }

  static TensorData tensor(List<Box> boxes) {
    float[] rows = new float[boxes.size() * ROW];
    int i = 0;
    for (Box box : boxes) {
      rows[i++] = box.batch;
      rows[i++] = box.left;
      rows[i++] = box.bottom;
      rows[i++] = box.right;
      rows[i++] = box.top;
      rows[i++] = box.label;
      rows[i++] = box.score;
    }
    return TensorData.ofFloats(Shape.of(boxes.size(), ROW), rows);
  }

  /**
   * @throws SluiceException XIR_SHAPE_UNMATCH if it is not FLOAT32 [n, 7], SLUICE_STAGE_FAILED for
   *     a value that is no number, SLUICE_LIMIT for more than four million boxes
   */
  static List<Box> list(TensorData tensor) {
    float[] rows = KernelInputs.floats(tensor, -1, ROW);
    List<Box> boxes = new ArrayList<>(bounded(rows.length / ROW));
    for (int i = 0; i < rows.length; i += ROW) {
      for (int j = 0; j < ROW; j++) {
        if (!Float.isFinite(rows[i + j])) {
          throw KernelInputs.unusable("value " + j + " of box " + i / ROW + " is " + rows[i + j]);
        }
      }
      boxes.add(
          new Box(
              (int) rows[i],
              rows[i + 1],
              rows[i + 4],
              rows[i + 3],
              rows[i + 2],
              (int) rows[i + 5],
              rows[i + 6]));
    }
    return boxes;
  }

  static int bounded(int count) {
    if (count > MAX_BOXES) {
      throw new SluiceException(
          ErrorCode.SLUICE_LIMIT,
          count + " boxes, over " + MAX_BOXES,
          "box decoding",
          "raise the score threshold");
    }
    return count;
  }
}
