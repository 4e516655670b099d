package io.sluice.aks.kernel;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;

/**
 * What an encoded image may cost before a pixel of it is allocated.
 *
 * @param maxWidth widest image, in pixels
 * @param maxHeight tallest image, in pixels
 * @param maxPixels most pixels, width x height
 * @param maxEncodedBytes longest file, in bytes
 */
public record ImageLimits(int maxWidth, int maxHeight, long maxPixels, int maxEncodedBytes)
    implements Serializable {

  public ImageLimits {
    if (maxWidth < 1 || maxHeight < 1 || maxPixels < 1 || maxEncodedBytes < 1) {
      throw new SluiceException(
          ErrorCode.SLUICE_LIMIT,
          "limits "
              + maxWidth
              + " x "
              + maxHeight
              + ", "
              + maxPixels
              + " pixels, "
              + maxEncodedBytes
              + " bytes",
          "image limits",
          "give limits of at least 1");
    }
    if (maxPixels > Integer.MAX_VALUE / 8) {
      throw new SluiceException(
          ErrorCode.SLUICE_LIMIT,
          maxPixels + " pixels",
          "image limits",
          "allow at most " + Integer.MAX_VALUE / 8 + " pixels");
    }
  }

  /** An A4 page at 400 dpi fits: 10 000 pixels a side, 20 million pixels, 16 MiB encoded. */
  public static ImageLimits standard() {
    return new ImageLimits(10_000, 10_000, 20_000_000, 16 << 20);
  }
}
