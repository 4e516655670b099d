package io.sluice.aks.kernel.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.KernelRun;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OpticalFlowTest {
  /** Each window summed on its own, and the normal equations solved by Cramer's rule in doubles. */
  @Property(tries = 60)
  void theSlidSumsAreThoseOfEachWindow(
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @IntRange(min = 1, max = 20) int height,
      @ForAll @IntRange(min = 1, max = 6) int radius,
      @ForAll long seed) {
    int[] now = random(width * height, seed);
    int[] before = random(width * height, seed + 1);
    float[][] flow = new OpticalFlow(width, height, 2 * radius + 1).between(now, before);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double xx = 0;
        double xy = 0;
        double yy = 0;
        double xt = 0;
        double yt = 0;
        for (int j = Math.max(0, y - radius); j <= Math.min(height - 1, y + radius); j++) {
          for (int i = Math.max(0, x - radius); i <= Math.min(width - 1, x + radius); i++) {
            double dx = at(before, width, height, i + 1, j) - at(before, width, height, i - 1, j);
            double dy = at(before, width, height, i, j + 1) - at(before, width, height, i, j - 1);
            double dt = at(now, width, height, i, j) - at(before, width, height, i, j);
            xx += dx / 2 * dx / 2;
            xy += dx / 2 * dy / 2;
            yy += dy / 2 * dy / 2;
            xt += dx / 2 * dt;
            yt += dy / 2 * dt;
          }
        }
        double det = xx * yy - xy * xy;
        double u = det == 0 ? 0 : (xy * yt - yy * xt) / det;
        double v = det == 0 ? 0 : (xy * xt - xx * yt) / det;
        assertThat((double) flow[0][y * width + x])
            .isCloseTo(u, within(1e-5 * Math.max(1, Math.abs(u))));
        assertThat((double) flow[1][y * width + x])
            .isCloseTo(v, within(1e-5 * Math.max(1, Math.abs(v))));
      }
    }
  }

  @Test
  void aSmoothImageThatMovesByHalfAPixelIsSeenToDoSo() {
    byte[] before = wave(0, 0);
    byte[] now = wave(0.5, -0.25);
    KernelRun kernel =
        new KernelRun(
            new OpticalFlowDenseNonPyrLK(),
            Map.of("of_w", ParamValue.of(64), "of_h", ParamValue.of(48)));
    List<TensorData> flow =
        kernel.apply(
            TensorData.wrap(DataType.UINT8, Shape.of(48, 64), now),
            TensorData.wrap(DataType.UINT8, Shape.of(1, 48, 64, 1), before));
    for (int y = 10; y < 38; y++) {
      for (int x = 10; x < 54; x++) {
        assertThat(flow.get(0).getFloat(y * 64 + x)).isCloseTo(0.5f, within(0.1f));
        assertThat(flow.get(1).getFloat(y * 64 + x)).isCloseTo(-0.25f, within(0.1f));
      }
    }
  }

  @Test
  void nothingMovesWhereThereIsNothingToSeeAndOddSizesAreRefused() {
    float[][] flow = new OpticalFlow(1, 1, 63).between(new int[] {9}, new int[] {200});
    assertThat(flow[0]).containsExactly(0);
    KernelRun kernel =
        new KernelRun(
            new OpticalFlowDenseNonPyrLK(),
            Map.of("of_w", ParamValue.of(2), "of_h", ParamValue.of(2)));
    TensorData image = TensorData.wrap(DataType.UINT8, Shape.of(2, 2), new byte[4]);
    assertThatThrownBy(() -> kernel.apply(image)).hasMessageContaining("XIR_SHAPE_UNMATCH");
    assertThatThrownBy(
            () -> kernel.apply(image, TensorData.wrap(DataType.UINT8, Shape.of(3), new byte[3])))
        .hasMessageContaining("4 pixels");
    assertThatThrownBy(
            () ->
                new KernelRun(
                    new OpticalFlowDenseNonPyrLK(),
                    Map.of(
                        "of_w", ParamValue.of(2),
                        "of_h", ParamValue.of(2),
                        "window", ParamValue.of(4))))
        .hasMessageContaining("'window'");
  }

  private static byte[] wave(double moveX, double moveY) {
    byte[] bytes = new byte[64 * 48];
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 64; x++) {
        double value =
            128 + 60 * Math.sin((x - moveX) / 4) + 60 * Math.cos((y - moveY) / 5 + (x - moveX) / 9);
        bytes[y * 64 + x] = (byte) Math.round(value);
      }
    }
    return bytes;
  }

  private static double at(int[] image, int width, int height, int x, int y) {
    return image[
        Math.max(0, Math.min(height - 1, y)) * width + Math.max(0, Math.min(width - 1, x))];
  }

  private static int[] random(int count, long seed) {
    return new Random(seed).ints(count, 0, 256).toArray();
  }
}
