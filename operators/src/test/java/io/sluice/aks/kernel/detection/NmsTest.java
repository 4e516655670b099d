package io.sluice.aks.kernel.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.KernelRun;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NmsTest {
  /** By the matrix of all overlaps, and by counting pixels instead of multiplying sides. */
  @Property(tries = 150)
  void hardSuppressionIsThatOfTheMatrixOfOverlaps(
      @ForAll @IntRange(min = 0, max = 40) int count,
      @ForAll @IntRange(min = 1, max = 3) int labels,
      @ForAll boolean perClass,
      @ForAll long seed) {
    List<Box> boxes = random(count, labels, seed);
    double threshold = 0.3;
    boolean[][] clash = new boolean[count][count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        Box a = boxes.get(i);
        Box b = boxes.get(j);
        clash[i][j] =
            a.batch() == b.batch()
                && (!perClass || a.label() == b.label())
                && countedIou(a, b) >= threshold;
      }
    }
    boolean[] gone = new boolean[count];
    boolean[] done = new boolean[count];
    Set<Box> expected = new HashSet<>();
    int size = 0;
    for (int round = 0; round < count; round++) {
      int best = -1;
      for (int i = 0; i < count; i++) {
        if (!done[i] && (best < 0 || boxes.get(i).score() > boxes.get(best).score())) {
          best = i;
        }
      }
      done[best] = true;
      if (!gone[best]) {
        expected.add(boxes.get(best));
        size++;
        for (int j = 0; j < count; j++) {
          gone[j] |= clash[best][j];
        }
      }
    }
    List<Box> kept = Nms.hard(boxes, Overlap.IOU, threshold, perClass);
    assertThat(kept).hasSize(size);
    assertThat(new HashSet<>(kept)).isEqualTo(expected);
    Comparator<Box> order = Comparator.comparingInt(Box::batch);
    order = perClass ? order.thenComparingInt(Box::label) : order;
    assertThat(kept)
        .isSortedAccordingTo(order.thenComparing((a, b) -> Float.compare(b.score(), a.score())));
  }

  /** By its definition: the factors of all better boxes, each with the score that it ended with. */
  @Property(tries = 100)
  void softSuppressionMultipliesTheFactorsOfAllThatWereTakenBefore(
      @ForAll @IntRange(min = 0, max = 25) int count, @ForAll boolean gaussian, @ForAll long seed) {
    List<Box> boxes = random(count, 1, seed).stream().map(b -> b.moved(0, 0, 0)).toList();
    Nms.Decay decay = gaussian ? Nms.Decay.gaussian(0.5) : Nms.Decay.linear(0.3);
    List<Box> kept = Nms.soft(boxes, decay, 0, true);
    assertThat(kept).hasSize(count);
    for (int i = 0; i < kept.size(); i++) {
      Box box = kept.get(i);
      double product = 1;
      for (Box before : kept.subList(0, i)) {
        double iou = countedIou(before, box);
        product *= gaussian ? Math.exp(-iou * iou / 0.5) : iou >= 0.3 ? 1 - iou : 1;
      }
      double decayed = product;
      assertThat(boxes)
          .as("a box that had %s / %s at first", box.score(), product)
          .anySatisfy(
              from -> {
                assertThat(from.withScore(0)).isEqualTo(box.withScore(0));
                assertThat((double) box.score()).isCloseTo(from.score() * decayed, within(1e-5));
              });
      if (i > 0) {
        assertThat(box.score()).isLessThanOrEqualTo(kept.get(i - 1).score());
      }
    }
  }

  @Test
  void ofEqualBoxesTheFirstStaysAndEmptyOnesOverlapNothing() {
    Box first = new Box(0, 0, 0, 10, 10, 1, 0.5f);
    Box empty = new Box(0, 5, 5, 5, 5, 1, 0.4f);
    Box insideOut = new Box(0, 9, 9, 1, 1, 1, 0.3f);
    assertThat(Nms.hard(List.of(first, first, empty, insideOut), Overlap.IOU, 0.1, true))
        .containsExactly(first, empty, insideOut);
    assertThat(Nms.hard(List.of(), Overlap.IOU, 0.1, true)).isEmpty();
  }

  @Test
  void allButOneOfAThousandCopiesAreSuppressed() {
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      boxes.add(new Box(0, 0, 0, 10, 10, 0, i / 1000f));
    }
    assertThat(Nms.hard(boxes, Overlap.IOU, 1, true)).containsExactly(boxes.get(999));
  }

  @Test
  void theKernelsTakeRowsAndRefuseWhatIsNoNumber() {
    TensorData rows =
        TensorData.ofFloats(
            Shape.of(3, 7),
            0,
            0,
            10,
            10,
            0,
            2,
            .9f,
            0,
            1,
            10,
            10,
            0,
            2,
            .8f,
            0,
            50,
            9,
            60,
            0,
            2,
            .1f);
    KernelRun hard = new KernelRun(new HardNms(), Map.of("score_thresh", ParamValue.of(0.2f)));
    assertThat(hard.apply(rows).get(0).toFloats()).containsExactly(0, 0, 10, 10, 0, 2, .9f);
    KernelRun soft = new KernelRun(new SoftNms(), Map.of("method", ParamValue.of("linear")));
    assertThat(soft.apply(rows).get(0).shape()).isEqualTo(Shape.of(3, 7));
    assertThat(soft.apply(rows).get(0).getFloat(13)).isCloseTo(0.1f, within(1e-6f));
    assertThat(hard.apply(TensorData.ofFloats(Shape.of(0, 7))).get(0).shape())
        .isEqualTo(Shape.of(0, 7));
    assertThatThrownBy(
            () -> hard.apply(TensorData.ofFloats(Shape.of(1, 7), 0, 0, 1, 1, 0, 0, Float.NaN)))
        .hasMessageContaining("SLUICE_STAGE_FAILED")
        .hasMessageContaining("box 0");
    assertThatThrownBy(
            () -> new KernelRun(new HardNms(), Map.of("iou_thresh", ParamValue.of(1.5f))))
        .hasMessageContaining("'iou_thresh' of kernel Nms");
    assertThatThrownBy(() -> new KernelRun(new SoftNms(), Map.of("method", ParamValue.of("hard"))))
        .hasMessageContaining("'method' of kernel SoftNms");
  }

  static List<Box> random(int count, int labels, long seed) {
    Random random = new Random(seed);
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int x = random.nextInt(12);
      int y = random.nextInt(12);
      boxes.add(
          new Box(
              random.nextInt(2),
              x,
              y,
              x + random.nextInt(10),
              y + random.nextInt(10),
              random.nextInt(labels),
              random.nextInt(20) / 20f));
    }
    return boxes;
  }

  private static double countedIou(Box a, Box b) {
    int both = 0;
    int either = 0;
    for (int x = 0; x < 24; x++) {
      for (int y = 0; y < 24; y++) {
        boolean inA = x >= a.left() && x < a.right() && y >= a.top() && y < a.bottom();
        boolean inB = x >= b.left() && x < b.right() && y >= b.top() && y < b.bottom();
        both += inA && inB ? 1 : 0;
        either += inA || inB ? 1 : 0;
      }
    }
    return both == 0 ? 0 : (double) both / either;
  }
}
