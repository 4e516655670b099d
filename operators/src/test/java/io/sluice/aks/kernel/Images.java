package io.sluice.aks.kernel;

import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.ImageIO;

/** Images for tests. */
final class Images {
  private Images() {}

  static TensorData random(int width, int height, long seed) {
    byte[] bytes = new byte[width * height * 3];
    new Random(seed).nextBytes(bytes);
    return TensorData.wrap(DataType.UINT8, Shape.of(height, width, 3), bytes);
  }

  static TensorData uniform(int width, int height, int red, int green, int blue) {
    byte[] bytes = new byte[width * height * 3];
    for (int i = 0; i < bytes.length; i += 3) {
      bytes[i] = (byte) red;
      bytes[i + 1] = (byte) green;
      bytes[i + 2] = (byte) blue;
    }
    return TensorData.wrap(DataType.UINT8, Shape.of(height, width, 3), bytes);
  }

  static int red(TensorData rgb, int x, int y) {
    return rgb.getByte((y * rgb.shape().dim(1) + x) * 3) & 0xff;
  }

  static int green(TensorData rgb, int x, int y) {
    return rgb.getByte((y * rgb.shape().dim(1) + x) * 3 + 1) & 0xff;
  }

  static int blue(TensorData rgb, int x, int y) {
    return rgb.getByte((y * rgb.shape().dim(1) + x) * 3 + 2) & 0xff;
  }

  static byte[] encode(BufferedImage image, String format) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("no writer of " + format + " for " + image);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
