package io.sluice.aks.kernel.image;

import io.sluice.xir.TensorData;

/** How an image is brought to the size of a network's input. */
enum Fit {
  /** Resized to the size, whatever its aspect ratio. */
  STRETCH {
    @Override
    void put(TensorData image, int width, int height, NetworkInput into, int index) {
      into.put(index, Resize.bilinear(image, width, height), 0, 0);
    }
  },

  /**
   * Resized, its aspect ratio kept, until it covers the size, and cut to the middle of it. Sizes
   * are rounded down, but cover.
   */
  CENTRE_CROP {
    @Override
    void put(TensorData image, int width, int height, NetworkInput into, int index) {
      long imageWidth = Rasters.width(image);
      long imageHeight = Rasters.height(image);
      boolean wide = imageWidth * height >= imageHeight * width;
      long resizedWidth = wide ? Math.max(width, imageWidth * height / imageHeight) : width;
      long resizedHeight = wide ? height : Math.max(height, imageHeight * width / imageWidth);
      long left = (resizedWidth - width) / 2;
      long top = (resizedHeight - height) / 2;
      TensorData seen = Resize.window(image, resizedWidth, resizedHeight, left, top, width, height);
      into.put(index, seen, 0, 0);
    }
  },

  /** Resized, its aspect ratio kept, until it fits, in the middle of the size. */
  LETTERBOX {
    @Override
    void put(TensorData image, int width, int height, NetworkInput into, int index) {
      Letterbox box = Letterbox.of(Rasters.width(image), Rasters.height(image), width, height);
      TensorData resized = Resize.bilinear(image, box.width(), box.height());
      into.put(index, resized, box.left(), box.top());
    }
  };

  /** Resizes the image and puts it into place {@code index} of the batch. */
  abstract void put(TensorData image, int width, int height, NetworkInput into, int index);
}
