package io.sluice.aks.kernel.detection;

import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.image.Layout;
import io.sluice.aks.kernel.image.Letterbox;
import io.sluice.aks.kernel.tensor.Softmax;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes the maps of YOLO v2 and v3 (Redmon and Farhadi, 2016 and 2018) as Darknet and AKS do. A
 * cell of a map has for each anchor x, y, width, height, objectness and a score for each class. The
 * centre is {@code (cell + sigmoid) / cells}, the size {@code exp * bias}, relative to the map in
 * v2, to the network's input in v3. A class has the probability objectness times softmax (v2) or
 * times sigmoid (v3). Boxes are brought from the letterbox back to the image.
 *
 * @param version 2 or 3
 * @param netWidth width of the network's input, pixels
 * @param netHeight its height
 * @param classes number of classes
 * @param anchors anchors of each cell
 * @param confidence a class is found where its probability is above this
 * @param biases width and height of each anchor: of the first map's, then of the second's; in v3
 *     the map with more columns comes first, whatever the order of the tensors
 * @param layout of the maps
 */
record YoloDecoder(
    int version,
    int netWidth,
    int netHeight,
    int classes,
    int anchors,
    float confidence,
    float[] biases,
    Layout layout)
    implements Serializable {
  /** No box is larger than this many times the network's input: exp() overflows soon. */
  private static final double MAX_SIZE = 1e4;

  /**
   * The boxes of one image before suppression, not clipped.
   *
   * @param maps FLOAT32 [N, H, W, C] or [N, C, H, W], C = anchors x (5 + classes)
   */
  List<Box> decode(List<TensorData> maps, int image, int imageWidth, int imageHeight) {
    if (biases.length < 2 * anchors * maps.size()) {
      throw KernelInputs.unfit(
          maps.size() + " maps", biases.length / (2 * anchors) + " maps, as there are biases for,");
    }
    Letterbox box = Letterbox.of(imageWidth, imageHeight, netWidth, netHeight);
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      int scale = version == 2 ? i : rank(maps, i);
      decodeMap(maps.get(i), image, box, imageWidth, imageHeight, scale, boxes);
    }
    return boxes;
  }

  /** How many sizes of maps have more columns. */
  private int rank(List<TensorData> maps, int index) {
    int mine = columns(maps.get(index));
    return (int) maps.stream().filter(map -> columns(map) > mine).count();
  }

  private int columns(TensorData map) {
    return map.shape().dim(layout == Layout.NHWC ? 2 : 3);
  }

  /** The number of images in the maps, after a check of their shapes. */
  int batch(List<TensorData> maps) {
    int channels = anchors * (5 + classes);
    if (maps.isEmpty()) {
      throw KernelInputs.unfit("no map", "at least one");
    }
    for (TensorData map : maps) {
      Shape shape = map.shape();
      boolean fits =
          shape.rank() == 4
              && shape.elements() > 0
              && shape.dim(layout == Layout.NHWC ? 3 : 1) == channels
              && shape.dim(0) == maps.get(0).shape().dim(0);
      if (!fits || !map.type().equals(io.sluice.xir.DataType.FLOAT32)) {
        throw KernelInputs.unfit(
            map.toString(), "FLOAT32 " + layout + " of " + channels + " channels");
      }
    }
    return maps.get(0).shape().dim(0);
  }

  private void decodeMap(
      TensorData map, int image, Letterbox box, int width, int height, int scale, List<Box> out) {
    boolean nhwc = layout == Layout.NHWC;
    int rows = map.shape().dim(nhwc ? 1 : 2);
    int columns = columns(map);
    int entry = 5 + classes;
    int plane = rows * columns;
    int step = nhwc ? 1 : plane;
    int base = image * plane * anchors * entry;
    float[] scores = new float[classes];
    for (int cell = 0; cell < plane; cell++) {
      for (int a = 0; a < anchors; a++) {
        int at = base + (nhwc ? cell * anchors * entry : cell) + a * entry * step;
        float objectness = Softmax.sigmoid(finite(map, at + 4 * step));
        if (objectness <= confidence) {
          continue;
        }
        for (int k = 0; k < classes; k++) {
          scores[k] = finite(map, at + (5 + k) * step);
        }
        probabilities(scores, objectness);
        Box whole = null;
        for (int k = 0; k < classes; k++) {
          if (scores[k] > confidence) {
            if (whole == null) {
              int bias = 2 * (a + anchors * scale);
              double unitW = version == 2 ? columns : netWidth;
              double unitH = version == 2 ? rows : netHeight;
              float x = (cell % columns + Softmax.sigmoid(finite(map, at))) / columns;
              float y = (cell / columns + Softmax.sigmoid(finite(map, at + step))) / rows;
              float w = size(finite(map, at + 2 * step), biases[bias] / unitW);
              float h = size(finite(map, at + 3 * step), biases[bias + 1] / unitH);
              whole = onImage(box, x, y, w, h, image, width, height);
            }
            out.add(
                new Box(
                    image, whole.left(), whole.top(), whole.right(), whole.bottom(), k, scores[k]));
            Box.bounded(out.size());
          }
        }
      }
    }
  }

  private void probabilities(float[] scores, float objectness) {
    if (version == 2) {
      Softmax.inPlace(scores, 0, scores.length);
    }
    for (int k = 0; k < scores.length; k++) {
      scores[k] = objectness * (version == 2 ? scores[k] : Softmax.sigmoid(scores[k]));
    }
  }

  private static float size(float exponent, double unit) {
    return (float) Math.min(MAX_SIZE, Math.exp(exponent) * unit);
  }

  private static float finite(TensorData map, int index) {
    float value = map.getFloat(index);
    if (!Float.isFinite(value)) {
      throw KernelInputs.unusable("value " + index + " of a YOLO map is " + value);
    }
    return value;
  }

  private static Box onImage(
      Letterbox box, float x, float y, float w, float h, int image, int width, int height) {
    float centreX = box.imageX(x);
    float centreY = box.imageY(y);
    float halfW = box.imageWidth(w) / 2;
    float halfH = box.imageHeight(h) / 2;
    return new Box(
        image,
        (centreX - halfW) * width,
        (centreY - halfH) * height,
        (centreX + halfW) * width,
        (centreY + halfH) * height,
        0,
        0);
  }
}
