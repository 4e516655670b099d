package io.sluice.aks.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CropRotateTest {

  @Property(tries = 50)
  void turningByHalfTwiceChangesNothing(
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @IntRange(min = 1, max = 20) int height,
      @ForAll long seed) {
    TensorData image = Images.random(width, height, seed);

    TensorData once = CropRotate.rotate180(image);

    assertThat(CropRotate.rotate180(once)).isEqualTo(image);
    assertThat(Images.red(once, 0, 0)).isEqualTo(Images.red(image, width - 1, height - 1));
  }

  @Property(tries = 50)
  void anUprightBoxAtWholePixelsIsCopied(
      @ForAll @IntRange(min = 0, max = 20) int x,
      @ForAll @IntRange(min = 0, max = 10) int y,
      @ForAll @IntRange(min = 8, max = 19) int width,
      @ForAll @IntRange(min = 2, max = 9) int height,
      @ForAll long seed) {
    TensorData page = Images.random(40, 20, seed);

    TensorData crop = CropRotate.crop(page, upright(x, y, x + width, y + height));

    assertThat(crop.shape()).isEqualTo(Shape.of(height, width, 3));
    for (int v = 0; v < height; v++) {
      for (int u = 0; u < width; u++) {
        assertThat(Images.green(crop, u, v)).isEqualTo(Images.green(page, x + u, y + v));
      }
    }
  }

  @Property(tries = 50)
  void aTurnedLineIsStraightened(@ForAll @DoubleRange(min = -30, max = 30) double degrees) {
    // A page whose red is the distance along a turned axis, and green the distance across it.
    double cos = Math.cos(Math.toRadians(degrees));
    double sin = Math.sin(Math.toRadians(degrees));
    byte[] bytes = new byte[300 * 300 * 3];
    for (int y = 0; y < 300; y++) {
      for (int x = 0; x < 300; x++) {
        int at = (y * 300 + x) * 3;
        bytes[at] = (byte) clamp(128 + (x - 150) * cos + (y - 150) * sin);
        bytes[at + 1] = (byte) clamp(128 + (y - 150) * cos - (x - 150) * sin);
      }
    }
    TensorData page = TensorData.wrap(DataType.UINT8, Shape.of(300, 300, 3), bytes);
    double[] corners = new RotatedRect(150, 150, cos, sin, 100, 40).corners();
    float[] values = new float[8];
    for (int i = 0; i < 8; i++) {
      values[i] = (float) corners[i];
    }

    TensorData crop = CropRotate.crop(page, new TextBox(values, 1));

    assertThat(crop.shape().dim(0)).isBetween(39, 40);
    assertThat(crop.shape().dim(1)).isBetween(99, 100);
    for (int u = 0; u < 90; u += 10) {
      assertThat((double) Images.red(crop, u, 20)).isCloseTo(78 + u, within(2.5));
      assertThat((double) Images.green(crop, u, 20)).isCloseTo(128, within(2.5));
    }
  }

  @Test
  void aTallCropIsTurnedByAQuarterCounterclockwise() {
    TensorData page = Images.random(30, 60, 5);

    TensorData crop = CropRotate.crop(page, upright(10, 5, 20, 45));

    assertThat(crop.shape()).isEqualTo(Shape.of(10, 40, 3));
    assertThat(Images.red(crop, 0, 9)).isEqualTo(Images.red(page, 10, 5));
    assertThat(Images.red(crop, 0, 0)).isEqualTo(Images.red(page, 19, 5));
    assertThat(Images.red(crop, 39, 9)).isEqualTo(Images.red(page, 10, 44));
  }

  @Test
  void aCropByATurnedBoxIsTheCropTurned() {
    TensorData page = Images.random(60, 30, 9);
    TextBox box = upright(10, 5, 50, 20);

    TensorData turned = CropRotate.crop(page, box.turned());

    assertThat(box.turned().isTurned()).isTrue();
    assertThat(box.turned().turned()).isEqualTo(box);
    assertThat(Images.red(turned, 0, 0)).isEqualTo(Images.red(page, 50, 20));
    assertThat(turned.shape()).isEqualTo(Shape.of(15, 40, 3));
  }

  @Test
  void aBoxBeyondThePageIsClippedAndOneWithoutAreaGivesAPixel() {
    TensorData page = Images.uniform(40, 20, 7, 8, 9);

    assertThat(CropRotate.crop(page, upright(-1e6f, -5, 1e6f, 100)).shape())
        .isEqualTo(Shape.of(19, 39, 3));
    assertThat(CropRotate.crop(page, upright(3, 3, 3, 3))).isEqualTo(Images.uniform(1, 1, 7, 8, 9));
  }

  @Test
  void whatIsNoRgbImageIsRefused() {
    TensorData flat = TensorData.wrap(DataType.UINT8, Shape.of(4, 4), new byte[16]);

    assertThatThrownBy(() -> CropRotate.rotate180(flat)).isInstanceOf(SluiceException.class);
  }

  private static double clamp(double value) {
    return Math.max(0, Math.min(255, Math.round(value)));
  }

  private static TextBox upright(float x0, float y0, float x1, float y1) {
    return new TextBox(new float[] {x0, y0, x1, y0, x1, y1, x0, y1}, 1);
  }
}
