package io.sluice.aks.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.AffineTransform;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReadingOrderTest {

  @Property(tries = 100)
  void linesAreReadFromTheTopWhateverTheSkewAndTheOrderOfArrival(
      @ForAll @IntRange(min = 1, max = 40) int count,
      @ForAll @DoubleRange(min = -6, max = 6) double degrees,
      @ForAll long seed) {
    List<TextBox> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(box(100, 50 + 32 * i, 700, 26, degrees));
    }

    assertOrder(lines, seed);
  }

  @Property(tries = 100)
  void columnsOfProseAreReadOneAfterTheOther(
      @ForAll @IntRange(min = 3, max = 20) int left,
      @ForAll @IntRange(min = 3, max = 20) int right,
      @ForAll @DoubleRange(min = -3, max = 3) double degrees,
      @ForAll long seed) {
    List<TextBox> page = new ArrayList<>();
    page.add(box(200, 40, 800, 50, degrees));
    for (int i = 0; i < left; i++) {
      page.add(box(80, 150 + 32 * i, 480, 26, degrees));
    }
    for (int i = 0; i < right; i++) {
      page.add(box(620, 157 + 32 * i, 480, 26, degrees));
    }
    page.add(box(80, 900, 1020, 26, degrees));

    assertOrder(page, seed);
  }

  @Property(tries = 100)
  void tablesAreReadRowByRow(
      @ForAll @IntRange(min = 1, max = 20) int rows,
      @ForAll @DoubleRange(min = -1.5, max = 1.5) double degrees,
      @ForAll long seed) {
    List<TextBox> table = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      table.add(box(90, 100 + 50 * i, 260, 26, degrees));
      table.add(box(560, 103 + 50 * i, 40, 24, degrees));
      table.add(box(900, 98 + 50 * i, 90, 28, degrees));
    }

    assertOrder(table, seed);
  }

  @Test
  void aBlockThatStandsUpsideDownIsReadFromTheOtherSide() {
    List<TextBox> page =
        List.of(
            box(100, 160, 700, 40, 0).turned(),
            box(100, 100, 300, 30, 0).turned(),
            box(100, 300, 700, 40, 0),
            box(100, 360, 300, 30, 0));

    assertOrder(page, 1);
  }

  @Test
  void boxesOfOneVisualLineAreJoinedByASpace() {
    List<TextLine> lines =
        List.of(
            new TextLine(box(500, 102, 100, 26, 0), new RecognizedText("12.50", 1)),
            new TextLine(box(100, 160, 200, 26, 0), new RecognizedText("Lamp", 1)),
            new TextLine(box(300, 160, 100, 26, 0), new RecognizedText("  ", 0)),
            new TextLine(box(100, 100, 200, 26, 0), new RecognizedText("Oak bench", 1)));

    assertThat(PageText.join(lines)).isEqualTo("Oak bench 12.50\nLamp");
  }

  @Test
  void nothingReadIsAnEmptyText() {
    assertThat(PageText.join(List.of())).isEmpty();
  }

  @Test
  void everyBoxIsReadOnceOnAPageThatIsFull() {
    Random random = new Random(3);
    List<TextBox> boxes = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      boxes.add(box(random.nextInt(900), random.nextInt(900), 5 + random.nextInt(200), 10, 0));
    }

    assertThat(ReadingOrder.sort(boxes)).containsExactlyInAnyOrderElementsOf(boxes);
  }

  private static void assertOrder(List<TextBox> expected, long seed) {
    List<TextBox> shuffled = new ArrayList<>(expected);
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(ReadingOrder.sort(shuffled)).isEqualTo(expected);
  }

  /** A box by its upper left corner on a page that is turned about (600, 500). */
  private static TextBox box(double x, double y, double width, double height, double degrees) {
    double[] corners = {x, y, x + width, y, x + width, y + height, x, y + height};
    AffineTransform.getRotateInstance(Math.toRadians(degrees), 600, 500)
        .transform(corners, 0, corners, 0, 4);
    float[] values = new float[8];
    for (int i = 0; i < 8; i++) {
      values[i] = (float) corners[i];
    }
    return new TextBox(values, 1);
  }
}
