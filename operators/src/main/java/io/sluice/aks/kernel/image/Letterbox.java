package io.sluice.aks.kernel.image;

import io.sluice.aks.kernel.KernelInputs;

/**
 * Where an image lies in a network's input when its aspect ratio is kept: it fills one side, and is
 * centred along the other. Sizes are rounded down, as AKS does, but to no less than one pixel.
 *
 * @param netWidth width of the network's input, pixels
 * @param netHeight its height
 * @param width width of the resized image
 * @param height its height
 */
public record Letterbox(int netWidth, int netHeight, int width, int height) {

  /** For an image of a size, in a network's input of a size. */
  public static Letterbox of(int imageWidth, int imageHeight, int netWidth, int netHeight) {
    if (imageWidth < 1 || imageHeight < 1) {
      throw KernelInputs.unusable("an image of " + imageWidth + " x " + imageHeight + " pixels");
    }
    boolean wide = (float) netWidth / imageWidth < (float) netHeight / imageHeight;
    int width = wide ? netWidth : (int) ((long) imageWidth * netHeight / imageHeight);
    int height = wide ? (int) ((long) imageHeight * netWidth / imageWidth) : netHeight;
    return new Letterbox(
        netWidth,
        netHeight,
        Math.max(1, Math.min(netWidth, width)),
        Math.max(1, Math.min(netHeight, height)));
  }

  /** Columns to the left of the image; those to its right may be one more. */
  public int left() {
    return (netWidth - width) / 2;
  }

  /** Rows above the image; those below it may be one more. */
  public int top() {
    return (netHeight - height) / 2;
  }

  /**
   * The x of a point of the image, 0 to 1, from its x in the network's input, 0 to 1. As in AKS the
   * border is taken to be the same on both sides, which may be half a pixel off.
   */
  public float imageX(float netX) {
    return (float) ((netX - (netWidth - width) / 2.0 / netWidth) * netWidth / width);
  }

  /** As {@link #imageX}, along the other axis. */
  public float imageY(float netY) {
    return (float) ((netY - (netHeight - height) / 2.0 / netHeight) * netHeight / height);
  }

  /** A width in the image, where 1 is all of it, from one in the network's input. */
  public float imageWidth(float netW) {
    return netW * netWidth / width;
  }

  /** A height in the image, where 1 is all of it, from one in the network's input. */
  public float imageHeight(float netH) {
    return netH * netHeight / height;
  }
}
