package io.sluice.aks.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.error.SluiceException;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DbPostprocessTest {
  private static final int SIDE = 320;

  @Property(tries = 100)
  void aRectangleAtAnyAngleIsFoundAndGrownByItsAreaOverItsPerimeter(
      @ForAll @DoubleRange(min = -40, max = 40) double degrees,
      @ForAll @IntRange(min = 60, max = 160) int width,
      @ForAll @IntRange(min = 14, max = 40) int height) {
    double angle = Math.toRadians(degrees);
    RotatedRect drawn = new RotatedRect(160, 150, Math.cos(angle), Math.sin(angle), width, height);

    List<TextBox> boxes = DbPostprocess.boxes(map(drawn), 1, SIDE, SIDE);

    double distance = 1.6 * width * height / (2.0 * (width + height));
    double[] expected = drawn.grown(distance + 0.2 * (height + 2 * distance), distance).corners();
    assertThat(boxes).hasSize(1);
    for (int i = 0; i < 8; i++) {
      assertThat((double) boxes.get(0).corners()[i]).isCloseTo(expected[i], within(4.0));
    }
    assertThat(boxes.get(0).score()).isCloseTo(0.9f, within(0.08f));
  }

  @Test
  void boxesAreMappedToThePageAndClippedToIt() {
    RotatedRect drawn = new RotatedRect(50, 20, 1, 0, 90, 20);

    TextBox box = DbPostprocess.boxes(map(drawn), 0.5f, 180, 60).get(0);

    assertThat(box.x(0)).isZero();
    assertThat(box.y(0)).isZero();
    assertThat(box.x(2)).isEqualTo(179);
    assertThat(box.y(2)).isEqualTo(59);
  }

  @Test
  void anEmptyPageHasNoBoxes() {
    assertThat(DbPostprocess.boxes(map(), 1, SIDE, SIDE)).isEmpty();
  }

  @Test
  void specksAndWeakRegionsAreLeftOut() {
    float[] map = new float[SIDE * SIDE];
    map[100 * SIDE + 100] = 1;
    map[100 * SIDE + 101] = 1;
    for (int y = 200; y < 220; y++) {
      Arrays.fill(map, y * SIDE + 50, y * SIDE + 200, 0.4f);
    }

    assertThat(DbPostprocess.boxes(tensor(map), 1, SIDE, SIDE)).isEmpty();
  }

  @Test
  void aMapFullOfRegionsGivesNoMoreThanAThousandBoxes() {
    float[] map = new float[SIDE * SIDE];
    for (int y = 0; y < 318; y++) {
      for (int x = 0; x < 318; x++) {
        map[y * SIDE + x] = x % 6 < 5 && y % 6 < 5 ? 1 : 0;
      }
    }

    assertThat(DbPostprocess.boxes(tensor(map), 1, SIDE, SIDE)).hasSize(1000);
  }

  @Test
  void theWholeMapAsOneRegionIsThePage() {
    float[] map = new float[SIDE * SIDE];
    Arrays.fill(map, 1);

    TextBox box = DbPostprocess.boxes(tensor(map), 1, SIDE, SIDE).get(0);

    assertThat(box.corners()).containsExactly(0, 0, 319, 0, 319, 319, 0, 319);
  }

  @Test
  void valuesThatAreNoNumbersAreNoText() {
    float[] map = new float[SIDE * SIDE];
    Arrays.fill(map, Float.NaN);

    assertThat(DbPostprocess.boxes(tensor(map), 1, SIDE, SIDE)).isEmpty();
  }

  @Test
  void anImpossibleScaleIsRefused() {
    assertThatThrownBy(() -> DbPostprocess.boxes(map(), 0, SIDE, SIDE))
        .isInstanceOf(SluiceException.class);
  }

  private static TensorData map(RotatedRect... rects) {
    float[] map = new float[SIDE * SIDE];
    for (RotatedRect r : rects) {
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          double u = (x - r.cx()) * r.ux() + (y - r.cy()) * r.uy();
          double v = (y - r.cy()) * r.ux() - (x - r.cx()) * r.uy();
          if (Math.abs(u) <= r.width() / 2 && Math.abs(v) <= r.height() / 2) {
            map[y * SIDE + x] = 0.9f;
          }
        }
      }
    }
    return tensor(map);
  }

  private static TensorData tensor(float[] map) {
    return TensorData.ofFloats(Shape.of(1, SIDE, SIDE, 1), map);
  }
}
