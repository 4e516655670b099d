package io.sluice.aks.kernel.detection;

import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.tensor.Softmax;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Decodes BlazeFace (Bazarevsky et al., 2019): anchors without a size, at the centres of cells;
 * offsets, sizes and key points in pixels of the input. Faces that overlap are not suppressed but
 * blended into one, weighted by their scores.
 *
 * @param netWidth width of the network's input, pixels
 * @param netHeight its height
 * @param anchors centre x, centre y of each, relative to the input
 * @param keypoints points of a face
 * @param confidence least sigmoid of a score
 * @param overlap faces that overlap the best by more are blended with it
 */
record BlazeFaceDecoder(
    int netWidth, int netHeight, float[] anchors, int keypoints, float confidence, float overlap)
    implements Serializable {
  private static final float MAX_SCORE = 100;

  /**
   * A face relative to the network's input.
   *
   * @param score of the best of those blended
   * @param values left, top, right, bottom, then x, y of each key point
   */
  record Face(float score, float[] values) {
    Box box() {
      return new Box(0, values[0], values[1], values[2], values[3], 0, score);
    }
  }

  /** The anchors of maps: by map, by row, several at one place. */
  static float[] anchors(int netWidth, int netHeight, int[] strides, int[] perCell) {
    List<Float> centres = new ArrayList<>();
    for (int i = 0; i < strides.length; i++) {
      int columns = (netWidth + strides[i] - 1) / strides[i];
      int rows = (netHeight + strides[i] - 1) / strides[i];
      for (int cell = 0; cell < rows * columns; cell++) {
        for (int a = 0; a < perCell[i]; a++) {
          centres.add((cell % columns + 0.5f) / columns);
          centres.add((cell / columns + 0.5f) / rows);
        }
      }
    }
    float[] anchors = new float[centres.size()];
    for (int i = 0; i < anchors.length; i++) {
      anchors[i] = centres.get(i);
    }
    return anchors;
  }

  int count() {
    return anchors.length / 2;
  }

  int valuesPerAnchor() {
    return 4 + 2 * keypoints;
  }

  /**
   * The faces of one image, the best first.
   *
   * @param raw [N, count, 4 + 2 x keypoints]: centre x, y, width, height, key points
   * @param scores [N, count]
   */
  List<Face> decode(float[] raw, float[] scores, int image) {
    List<Face> candidates = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      float score = scores[image * count() + i];
      if (Float.isNaN(score)) {
        throw KernelInputs.unusable("score " + i + " is NaN");
      }
      float sure = Softmax.sigmoid(Math.max(-MAX_SCORE, Math.min(MAX_SCORE, score)));
      if (sure >= confidence) {
        candidates.add(face(raw, (image * count() + i) * valuesPerAnchor(), i, sure));
      }
    }
    return blended(candidates);
  }

  private Face face(float[] raw, int at, int anchor, float score) {
    float[] values = new float[valuesPerAnchor()];
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(raw[at + i])) {
        throw KernelInputs.unusable("value " + i + " of face " + anchor + " is " + raw[at + i]);
      }
    }
    float x = anchors[2 * anchor];
    float y = anchors[2 * anchor + 1];
    float centreX = raw[at] / netWidth + x;
    float centreY = raw[at + 1] / netHeight + y;
    float halfW = raw[at + 2] / netWidth / 2;
    float halfH = raw[at + 3] / netHeight / 2;
    values[0] = centreX - halfW;
    values[1] = centreY - halfH;
    values[2] = centreX + halfW;
    values[3] = centreY + halfH;
    for (int i = 4; i < values.length; i += 2) {
      values[i] = raw[at + i] / netWidth + x;
      values[i + 1] = raw[at + i + 1] / netHeight + y;
    }
    return new Face(score, values);
  }

  private List<Face> blended(List<Face> candidates) {
    List<Face> left = new ArrayList<>(candidates);
    left.sort(Comparator.comparing(Face::score).reversed());
    List<Face> faces = new ArrayList<>();
    while (!left.isEmpty()) {
      Face best = left.get(0);
      List<Face> same = new ArrayList<>(List.of(best));
      List<Face> others = new ArrayList<>();
      for (Face face : left.subList(1, left.size())) {
        boolean isSame = Overlap.IOU.of(best.box(), face.box()) > overlap;
        (isSame ? same : others).add(face);
      }
      faces.add(mean(best.score, same));
      left = others;
    }
    return faces;
  }

  private static Face mean(float score, List<Face> same) {
    double total = same.stream().mapToDouble(Face::score).sum();
    float[] values = new float[same.get(0).values.length];
    for (int i = 0; i < values.length; i++) {
      double sum = 0;
      for (Face face : same) {
        sum += (double) face.score * face.values[i];
      }
      values[i] = (float) (sum / total);
    }
    return new Face(score, same.size() == 1 ? same.get(0).values : values);
  }
}
