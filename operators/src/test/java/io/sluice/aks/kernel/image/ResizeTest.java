package io.sluice.aks.kernel.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Held against the definition: a tent of width 1 around each source pixel, in doubles. */
class ResizeTest {
  @Property(tries = 150)
  void bytesAreWithinRoundingOfTheTentFilter(
      @ForAll @IntRange(min = 1, max = 40) int fromW,
      @ForAll @IntRange(min = 1, max = 40) int fromH,
      @ForAll @IntRange(min = 1, max = 40) int toW,
      @ForAll @IntRange(min = 1, max = 40) int toH,
      @ForAll @IntRange(min = 1, max = 4) int channels,
      @ForAll long seed) {
    TensorData image = random(fromW, fromH, channels, seed);
    TensorData out = Resize.bilinear(image, toW, toH);
    assertThat(out.shape()).isEqualTo(Shape.of(toH, toW, channels));
    for (int y = 0; y < toH; y++) {
      for (int x = 0; x < toW; x++) {
        for (int c = 0; c < channels; c++) {
          int actual = out.getByte((y * toW + x) * channels + c) & 0xff;
          // Weights of 11 bits along two axes are off by 2^-12 each, for a span of 255.
          assertThat((double) actual)
              .isCloseTo(tent(image, x, y, c, toW, toH), within(0.5 + 2 * 255 / 4096.0));
        }
      }
    }
  }

  @Property(tries = 60)
  void floatsAreTheTentFilter(
      @ForAll @IntRange(min = 1, max = 30) int fromW,
      @ForAll @IntRange(min = 1, max = 30) int fromH,
      @ForAll @IntRange(min = 1, max = 30) int toW,
      @ForAll @IntRange(min = 1, max = 30) int toH,
      @ForAll long seed) {
    TensorData bytes = random(fromW, fromH, 3, seed);
    TensorData out = Resize.bilinear(floats(bytes), toW, toH);
    for (int i = 0; i < toW * toH * 3; i++) {
      assertThat((double) out.getFloat(i))
          .isCloseTo(tent(bytes, i / 3 % toW, i / 3 / toW, i % 3, toW, toH), within(1e-3));
    }
  }

  @Property(tries = 60)
  void aWindowIsAPartOfTheWhole(
      @ForAll @IntRange(min = 1, max = 30) int from,
      @ForAll @IntRange(min = 5, max = 30) int to,
      @ForAll @IntRange(min = 0, max = 4) int left,
      @ForAll @IntRange(min = 0, max = 4) int top,
      @ForAll long seed) {
    TensorData image = random(from, from + 3, 3, seed);
    TensorData whole = Resize.bilinear(image, to, to);
    TensorData window = Resize.window(image, to, to, left, top, to - 4, to - 4);
    assertThat(window).isEqualTo(Rasters.crop(whole, left, top, to - 4, to - 4));
  }

  @Test
  void knownValuesOfHalfPixelCentres() {
    TensorData image = TensorData.wrap(DataType.UINT8, Shape.of(1, 2, 1), new byte[] {0, 100});
    // Centres at -0.25, 0.25, 0.75, 1.25: the border, a quarter, three quarters, the border.
    assertThat(Resize.bilinear(image, 4, 1).array()).containsExactly(0, 25, 75, 100);
    // From four to two the centres are at 0.5 and 2.5.
    TensorData four = TensorData.wrap(DataType.UINT8, Shape.of(1, 4, 1), new byte[] {0, 1, 9, 20});
    assertThat(Resize.bilinear(four, 2, 1).array())
        .as("halves are rounded up")
        .containsExactly(1, 15);
  }

  @Test
  void onePixelFillsAnySize() {
    TensorData image = TensorData.wrap(DataType.UINT8, Shape.of(1, 1, 3), new byte[] {7, -1, 0});
    TensorData out = Resize.bilinear(image, 50, 3);
    for (int i = 0; i < 450; i++) {
      assertThat(out.getByte(i)).isEqualTo(new byte[] {7, -1, 0}[i % 3]);
    }
  }

  @Test
  void aLineAThousandPixelsLongBecomesAColumn() {
    TensorData image = random(1000, 1, 3, 4);
    TensorData out = Resize.bilinear(image, 1, 1000);
    for (int i = 0; i < 3000; i++) {
      assertThat((double) (out.getByte(i) & 0xff))
          .isCloseTo(tent(image, 0, i / 3, i % 3, 1, 1000), within(0.7));
    }
  }

  private static double tent(TensorData image, int x, int y, int c, int toW, int toH) {
    int height = Rasters.height(image);
    int width = Rasters.width(image);
    double cx = Math.max(0, Math.min(width - 1, (x + 0.5) * width / toW - 0.5));
    double cy = Math.max(0, Math.min(height - 1, (y + 0.5) * height / toH - 0.5));
    double sum = 0;
    for (int j = 0; j < height; j++) {
      for (int i = 0; i < width; i++) {
        double weight = Math.max(0, 1 - Math.abs(i - cx)) * Math.max(0, 1 - Math.abs(j - cy));
        sum += weight * (image.getByte((j * width + i) * Rasters.channels(image) + c) & 0xff);
      }
    }
    return sum;
  }

  static TensorData random(int width, int height, int channels, long seed) {
    byte[] bytes = new byte[width * height * channels];
    new Random(seed).nextBytes(bytes);
    return TensorData.wrap(DataType.UINT8, Shape.of(height, width, channels), bytes);
  }

  static TensorData floats(TensorData bytes) {
    float[] values = new float[bytes.shape().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes.getByte(i) & 0xff;
    }
    return TensorData.ofFloats(bytes.shape(), values);
  }
}
