package io.sluice.aks.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ImageDecoderTest {
  private final ImageDecoder decoder = new ImageDecoder(ImageLimits.standard());

  @Property(tries = 30)
  void pngRoundTripsExactly(
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll long seed) {
    TensorData image = Images.random(width, height, seed);
    BufferedImage buffered = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        buffered.setRGB(
            x,
            y,
            Images.red(image, x, y) << 16
                | Images.green(image, x, y) << 8
                | Images.blue(image, x, y));
      }
    }

    assertThat(decoder.decode(Images.encode(buffered, "png"))).isEqualTo(image);
  }

  @Test
  void jpegKeepsColoursWithinItsLoss() {
    BufferedImage image = filled(64, 32, BufferedImage.TYPE_INT_RGB, new Color(200, 40, 90));

    TensorData rgb = decoder.decode(Images.encode(image, "jpeg"));

    assertThat(rgb.shape()).isEqualTo(Shape.of(32, 64, 3));
    assertThat(Images.red(rgb, 30, 15)).isBetween(196, 204);
    assertThat(Images.green(rgb, 30, 15)).isBetween(36, 44);
    assertThat(Images.blue(rgb, 30, 15)).isBetween(86, 94);
  }

  @Test
  void grayIsTakenWithoutAColourProfile() {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(1, 2, 0, 100);

    TensorData rgb = decoder.decode(Images.encode(image, "png"));

    assertThat(Images.red(rgb, 1, 2)).isEqualTo(100);
    assertThat(Images.blue(rgb, 1, 2)).isEqualTo(100);
    assertThat(Images.green(rgb, 0, 0)).isZero();
  }

  @Test
  void sixteenBitsAreScaledToEight() {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 65535);
    image.getRaster().setSample(1, 0, 0, 32896);

    TensorData rgb = decoder.decode(Images.encode(image, "png"));

    assertThat(Images.red(rgb, 0, 0)).isEqualTo(255);
    assertThat(Images.red(rgb, 1, 0)).isEqualTo(128);
    assertThat(Images.red(rgb, 2, 0)).isZero();
  }

  @Test
  void transparentPixelsLieOverWhite() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00000000);
    image.setRGB(1, 0, 0x80ff0000);

    TensorData rgb = decoder.decode(Images.encode(image, "png"));

    assertThat(Images.green(rgb, 0, 0)).isEqualTo(255);
    assertThat(Images.red(rgb, 1, 0)).isEqualTo(255);
    assertThat(Images.green(rgb, 1, 0)).isEqualTo(127);
  }

  @Test
  void paletteAndBilevelImagesBecomeRgb() {
    BufferedImage palette = filled(4, 4, BufferedImage.TYPE_BYTE_INDEXED, new Color(0, 0, 255));
    BufferedImage bilevel = filled(9, 2, BufferedImage.TYPE_BYTE_BINARY, Color.WHITE);

    assertThat(Images.blue(decoder.decode(Images.encode(palette, "png")), 2, 2)).isEqualTo(255);
    assertThat(Images.red(decoder.decode(Images.encode(bilevel, "png")), 8, 1)).isEqualTo(255);
  }

  @Property(tries = 60)
  void aTruncatedImageIsCorrupt(@ForAll @IntRange(min = 4, max = 97) int percent) {
    BufferedImage image = new BufferedImage(60, 50, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 3000; i++) {
      image.setRGB(i % 60, i / 60, i * 7919);
    }
    for (String format : new String[] {"png", "jpeg"}) {
      byte[] whole = Images.encode(image, format);
      byte[] cut = Arrays.copyOf(whole, whole.length * percent / 100);

      assertThatThrownBy(() -> decoder.decode(cut)).satisfies(has(ErrorCode.SLUICE_IMAGE_CORRUPT));
    }
  }

  @Test
  void nothingAtAllIsCorrupt() {
    assertThatThrownBy(() -> decoder.decode(new byte[0]))
        .satisfies(has(ErrorCode.SLUICE_IMAGE_CORRUPT));
  }

  @Test
  void otherFormatsAreRefused() {
    byte[] gif = Images.encode(filled(3, 3, BufferedImage.TYPE_INT_RGB, Color.RED), "gif");

    assertThatThrownBy(() -> decoder.decode(gif)).satisfies(has(ErrorCode.SLUICE_IMAGE_FORMAT));
    assertThatThrownBy(() -> decoder.decode("hello".getBytes(StandardCharsets.UTF_8)))
        .satisfies(has(ErrorCode.SLUICE_IMAGE_FORMAT));
  }

  @Test
  void aHugeHeaderIsRefusedBeforeItsPixelsAreAllocated() throws IOException {
    byte[] bomb = pngWithHeader(30_000, 30_000);

    assertThatThrownBy(() -> decoder.decode(bomb))
        .satisfies(has(ErrorCode.SLUICE_IMAGE_TOO_LARGE))
        .hasMessageContaining("30000 x 30000");
  }

  @Test
  void manyPixelsAreRefusedThoughEachSideIsWithinItsLimit() throws IOException {
    byte[] bomb = pngWithHeader(9_000, 9_000);

    assertThatThrownBy(() -> decoder.decode(bomb)).satisfies(has(ErrorCode.SLUICE_IMAGE_TOO_LARGE));
  }

  @Test
  void aLongFileIsRefusedUnread() {
    ImageDecoder strict = new ImageDecoder(new ImageLimits(100, 100, 10_000, 50));

    assertThatThrownBy(() -> strict.decode(new byte[51]))
        .satisfies(has(ErrorCode.SLUICE_IMAGE_TOO_LARGE));
  }

  @Test
  void aJpegOfFourComponentsIsRefused() throws IOException {
    byte[] cmyk = fourComponentJpeg();

    assertThatThrownBy(() -> decoder.decode(cmyk)).satisfies(has(ErrorCode.SLUICE_IMAGE_FORMAT));
  }

  private static java.util.function.Consumer<Throwable> has(ErrorCode code) {
    return e ->
        assertThat(e)
            .isInstanceOfSatisfying(
                SluiceException.class, s -> assertThat(s.code()).isEqualTo(code));
  }

  private static BufferedImage filled(int width, int height, int type, Color color) {
    BufferedImage image = new BufferedImage(width, height, type);
    Graphics2D g = image.createGraphics();
    g.setColor(color);
    g.fillRect(0, 0, width, height);
    g.dispose();
    return image;
  }

  /** A PNG whose header is valid and whose pixels are a few bytes. */
  private static byte[] pngWithHeader(int width, int height) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put(new byte[] {8, 2, 0, 0, 0});
    chunk(png, "IHDR", header.array());
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(pixels)) {
      deflater.write(new byte[100]);
    }
    chunk(png, "IDAT", pixels.toByteArray());
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data)
      throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    png.write(ByteBuffer.allocate(4).putInt(data.length).array());
    png.write(name);
    png.write(data);
    png.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  private static byte[] fourComponentJpeg() throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(raster, null, null), null);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  @Test
  void grayWithAlphaIsReadToo() {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_BYTE);
    WritableRaster raster = model.createCompatibleWritableRaster(2, 1);
    raster.setPixel(0, 0, new int[] {10, 255});
    raster.setPixel(1, 0, new int[] {10, 0});

    TensorData rgb =
        decoder.decode(Images.encode(new BufferedImage(model, raster, false, null), "png"));

    assertThat(Images.red(rgb, 0, 0)).isEqualTo(10);
    assertThat(Images.red(rgb, 1, 0)).isEqualTo(255);
  }
}
