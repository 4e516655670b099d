package io.sluice.aks.kernel.image;

import io.sluice.aks.kernel.KernelInputs;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Images as tensors: [H, W, C], UINT8 or FLOAT32, at least one pixel. */
final class Rasters {
  private Rasters() {}

  static int height(TensorData image) {
    return image.shape().dim(0);
  }

  static int width(TensorData image) {
    return image.shape().dim(1);
  }

  static int channels(TensorData image) {
    return image.shape().dim(2);
  }

  /** Returns the image if it is one, of any number of channels. */
  static TensorData require(TensorData image) {
    boolean pixels = image.type().equals(DataType.UINT8) || image.type().equals(DataType.FLOAT32);
    if (!pixels || image.shape().rank() != 3 || image.shape().elements() == 0) {
      throw KernelInputs.unfit(image.toString(), "an image, UINT8 or FLOAT32 [H, W, C]");
    }
    return image;
  }

  /** Returns the image if it is one of three channels. */
  static TensorData requireColour(TensorData image) {
    if (channels(require(image)) != 3) {
      throw KernelInputs.unfit(image.toString(), "an image of three channels");
    }
    return image;
  }

  /** The images of tensors, each one [H, W, 3] or a batch of them [N, H, W, 3]; at least one. */
  static List<TensorData> images(List<TensorData> tensors) {
    List<TensorData> images = new ArrayList<>();
    for (TensorData tensor : tensors) {
      if (tensor.shape().rank() == 4) {
        images.addAll(unbatch(tensor));
      } else {
        images.add(requireColour(tensor));
      }
    }
    if (images.isEmpty()) {
      throw KernelInputs.unfit("no image", "at least one");
    }
    return images;
  }

  /** A part of an image. */
  static TensorData crop(TensorData image, int left, int top, int width, int height) {
    require(image);
    if (left == 0 && top == 0 && width == width(image) && height == height(image)) {
      return image;
    }
    int pixel = channels(image) * image.type().bytes();
    byte[] out = new byte[height * width * pixel];
    for (int y = 0; y < height; y++) {
      int from = ((top + y) * width(image) + left) * pixel;
      System.arraycopy(image.array(), from, out, y * width * pixel, width * pixel);
    }
    return TensorData.wrap(image.type(), Shape.of(height, width, channels(image)), out);
  }

  private static List<TensorData> unbatch(TensorData batch) {
    Shape one = Shape.of(batch.shape().dim(1), batch.shape().dim(2), batch.shape().dim(3));
    int size = one.elements() * batch.type().bytes();
    List<TensorData> images = new ArrayList<>();
    for (int i = 0; i < batch.shape().dim(0); i++) {
      byte[] bytes = Arrays.copyOfRange(batch.array(), i * size, (i + 1) * size);
      images.add(requireColour(TensorData.wrap(batch.type(), one, bytes)));
    }
    return images;
  }
}
