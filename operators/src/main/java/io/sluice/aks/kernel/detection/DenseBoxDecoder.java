package io.sluice.aks.kernel.detection;

import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.tensor.Softmax;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes DenseBox (Huang et al., 2015) as AKS's face detector does: each pixel of a map that is a
 * quarter of the network's input says whether it is in a face, and how far the face's corners are.
 */
final class DenseBoxDecoder {
  /** Pixels of the network's input per pixel of the map. */
  private static final int STRIDE = 4;

  private DenseBoxDecoder() {}

  /**
   * The faces of one image before suppression, in pixels of the network's input.
   *
   * @param scores FLOAT32 [N, H, W, 2]: background, face
   * @param corners FLOAT32 [N, H, W, 4]: left, top, right, bottom relative to the pixel
   * @param threshold of the face's softmax
   */
  static List<Box> decode(TensorData scores, TensorData corners, int image, float threshold) {
    int height = scores.shape().dim(1);
    int width = scores.shape().dim(2);
    List<Box> faces = new ArrayList<>();
    float[] pair = new float[2];
    for (int pixel = 0; pixel < height * width; pixel++) {
      int at = image * height * width + pixel;
      pair[0] = scores.getFloat(at * 2);
      pair[1] = scores.getFloat(at * 2 + 1);
      Softmax.inPlace(pair, 0, 2);
      if (pair[1] > threshold) {
        int x = pixel % width * STRIDE;
        int y = pixel / width * STRIDE;
        Box face =
            new Box(
                image,
                corners.getFloat(at * 4) + x,
                corners.getFloat(at * 4 + 1) + y,
                corners.getFloat(at * 4 + 2) + x,
                corners.getFloat(at * 4 + 3) + y,
                0,
                pair[1]);
        if (!Double.isFinite(face.area())) {
          throw KernelInputs.unusable("the corners of pixel " + pixel + " are no numbers");
        }
        faces.add(face);
      }
    }
    return faces;
  }

  /**
   * Undoes the tiling that lets a DPU make a fine map: the channels of a pixel are those of {@code
   * stride x stride} pixels, row by row.
   *
   * @param map FLOAT32 [N, H, W, C x stride x stride]
   * @return FLOAT32 [N, H x stride, W x stride, C]
   */
  static TensorData untiled(TensorData map, int stride) {
    Shape shape = map.shape();
    int channels = shape.dim(3) / (stride * stride);
    int height = shape.dim(1);
    int width = shape.dim(2);
    float[] in = map.toFloats();
    float[] out = new float[in.length];
    int i = 0;
    for (int row = 0; row < shape.dim(0) * height; row++) {
      for (int x = 0; x < width; x++) {
        for (int part = 0; part < stride * stride; part++) {
          int outRow = row * stride + part / stride;
          int outX = x * stride + part % stride;
          int to = (outRow * width * stride + outX) * channels;
          for (int c = 0; c < channels; c++) {
            out[to + c] = in[i++];
          }
        }
      }
    }
    return TensorData.ofFloats(
        Shape.of(shape.dim(0), height * stride, width * stride, channels), out);
  }
}
