package io.sluice.aks.kernel;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes PNG and JPEG to UINT8 [H, W, 3] RGB. Gray, palette and 16-bit images become 8-bit RGB,
 * transparent pixels are laid over white. Sample values are taken as they are: no colour profile is
 * applied. Of a file with several images the first is read.
 */
public final class ImageDecoder {
  private static final String PLACE = "encoded image";

  private final ImageLimits limits;

  public ImageDecoder(ImageLimits limits) {
    this.limits = Objects.requireNonNull(limits, "limits");
  }

  /**
   * @param encoded the whole file
   * @return UINT8 [H, W, 3], RGB
   * @throws SluiceException SLUICE_IMAGE_TOO_LARGE when the file or the dimensions in its header
   *     exceed the limits, found before pixels are allocated; SLUICE_IMAGE_FORMAT for what is
   *     neither PNG nor JPEG, or a JPEG of four colour components; SLUICE_IMAGE_CORRUPT for a file
   *     that is damaged or ends too early
   */
  public TensorData decode(byte[] encoded) {
    if (encoded.length > limits.maxEncodedBytes()) {
      throw tooLarge(encoded.length + " bytes, over " + limits.maxEncodedBytes());
    }
    String format = format(encoded);
    int components = "jpeg".equals(format) ? jpegComponents(encoded) : 0;
    if (components == 2 || components > 3) {
      throw new SluiceException(
          ErrorCode.SLUICE_IMAGE_FORMAT,
          "a JPEG of " + components + " colour components (CMYK?)",
          PLACE,
          "convert it to gray or RGB");
    }
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    Truncation truncation = new Truncation();
    try (ImageInputStream input =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(encoded))) {
      reader.setInput(input, true, true);
      checkSize(reader.getWidth(0), reader.getHeight(0));
      reader.addIIOReadWarningListener(truncation);
      BufferedImage image = reader.read(0);
      if (truncation.warning() != null) {
        throw corrupt(format, truncation.warning(), null);
      }
      return toRgb(image);
    } catch (SluiceException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The readers answer damaged files with many kinds of unchecked exceptions.
      throw corrupt(format, String.valueOf(e.getMessage()), e);
    } finally {
      reader.dispose();
    }
  }

  private static String format(byte[] encoded) {
    if (encoded.length == 0) {
      throw corrupt("file", "it is empty", null);
    }
    if (startsWith(encoded, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
      return "png";
    }
    if (startsWith(encoded, 0xff, 0xd8, 0xff)) {
      return "jpeg";
    }
    throw new SluiceException(
        ErrorCode.SLUICE_IMAGE_FORMAT,
        String.format(
            Locale.ROOT,
            "%d bytes that begin with 0x%02x are neither PNG nor JPEG",
            encoded.length,
            encoded[0]),
        PLACE,
        "send a PNG or JPEG file");
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    if (bytes.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private void checkSize(int width, int height) {
    if (width < 1 || height < 1) {
      throw corrupt("image", "its size is " + width + " x " + height, null);
    }
    if (width > limits.maxWidth()
        || height > limits.maxHeight()
        || (long) width * height > limits.maxPixels()) {
      throw tooLarge(
          width
              + " x "
              + height
              + " pixels, over "
              + limits.maxWidth()
              + " x "
              + limits.maxHeight()
              + " or "
              + limits.maxPixels()
              + " in all");
    }
  }

  /**
   * The number of colour components that the frame header of a JPEG names, or 0 when there is none
   * before the data: the segments are followed from marker to marker.
   */
  private static int jpegComponents(byte[] jpeg) {
    int at = 2;
    while (at + 9 < jpeg.length && (jpeg[at] & 0xff) == 0xff) {
      int marker = jpeg[at + 1] & 0xff;
      boolean isFrame =
          marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
      if (isFrame) {
        return jpeg[at + 9] & 0xff;
      }
      at += marker == 0xff ? 1 : 2 + ((jpeg[at + 2] & 0xff) << 8 | jpeg[at + 3] & 0xff);
    }
    return 0;
  }

  private static TensorData toRgb(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    if (image.getColorModel() instanceof IndexColorModel palette) {
      fillFromPalette(image.getRaster(), palette, rgb);
    } else {
      fillFromSamples(image.getRaster(), image.getColorModel().hasAlpha(), rgb);
    }
    return TensorData.wrap(DataType.UINT8, Shape.of(height, width, 3), rgb);
  }

  private static void fillFromPalette(Raster raster, IndexColorModel palette, byte[] rgb) {
    int width = raster.getWidth();
    int[] row = new int[width];
    int out = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int index : row) {
        int alpha = palette.getAlpha(index);
        rgb[out++] = overWhite(palette.getRed(index), alpha);
        rgb[out++] = overWhite(palette.getGreen(index), alpha);
        rgb[out++] = overWhite(palette.getBlue(index), alpha);
      }
    }
  }

  private static void fillFromSamples(Raster raster, boolean hasAlpha, byte[] rgb) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int colours = hasAlpha ? bands - 1 : bands;
    int green = colours >= 3 ? 1 : 0;
    int blue = colours >= 3 ? 2 : 0;
    int max = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
    int[] row = new int[width * bands];
    int out = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int i = 0; i < row.length; i += bands) {
        int alpha = hasAlpha ? to8Bits(row[i + bands - 1], max) : 255;
        rgb[out++] = overWhite(to8Bits(row[i], max), alpha);
        rgb[out++] = overWhite(to8Bits(row[i + green], max), alpha);
        rgb[out++] = overWhite(to8Bits(row[i + blue], max), alpha);
      }
    }
  }

  private static int to8Bits(int sample, int max) {
    return max == 255 ? sample : (sample * 255 + max / 2) / max;
  }

  private static byte overWhite(int value, int alpha) {
    return (byte) (alpha == 255 ? value : (value * alpha + 255 * (255 - alpha) + 127) / 255);
  }

  private static SluiceException tooLarge(String what) {
    return new SluiceException(
        ErrorCode.SLUICE_IMAGE_TOO_LARGE, what, PLACE, "send a smaller image");
  }

  private static SluiceException corrupt(String format, String why, Throwable cause) {
    return new SluiceException(
        ErrorCode.SLUICE_IMAGE_CORRUPT,
        "the " + format + " cannot be decoded: " + why,
        PLACE,
        "send the whole, undamaged file",
        cause);
  }

  /** Remembers that the JPEG decoder filled in pixels which the file did not hold. */
  private static final class Truncation implements IIOReadWarningListener {
    private String warning;

    @Override
    public void warningOccurred(ImageReader source, String message) {
      String lower = message.toLowerCase(Locale.ROOT);
      if (lower.contains("premature") || lower.contains("truncated")) {
        warning = message;
      }
    }

    String warning() {
      return warning;
    }
  }
}
