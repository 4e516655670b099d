package io.sluice.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LayoutTest {
  private static Layout randomLayout(Random random, int rank) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    return Layout.of(order.stream().mapToInt(i -> i).toArray());
  }

  private static Shape randomShape(Random random, int rank) {
    int[] dims = new int[rank];
    for (int i = 0; i < rank; i++) {
      dims[i] = 1 + random.nextInt(4);
    }
    return Shape.of(dims);
  }

  private static TensorData stored(TensorData logical, Layout layout) {
    return Layout.transpose(logical, Layout.identity(layout.rank()).orderTo(layout));
  }

  @Property
  void goingToALayoutAndBackIsNothing(
      @ForAll @IntRange(min = 1, max = 5) int rank, @ForAll long s) {
    Random random = new Random(s);
    Layout a = randomLayout(random, rank);
    Layout b = randomLayout(random, rank);
    TensorData data = OnnxModelBuilder.random(random, randomShape(random, rank).toArray());
    TensorData inA = stored(data, a);
    assertThat(inA.shape()).isEqualTo(a.toStored(data.shape()));
    assertThat(a.toLogical(inA.shape())).isEqualTo(data.shape());
    assertThat(Layout.transpose(inA, a.orderTo(b))).isEqualTo(stored(data, b));
    assertThat(Layout.transpose(inA, a.orderTo(Layout.identity(rank)))).isEqualTo(data);
  }

  @Property
  void aTransposeOnRecordEqualsATransposeOfValues(
      @ForAll @IntRange(min = 1, max = 5) int rank, @ForAll long s) {
    Random random = new Random(s);
    Layout layout = randomLayout(random, rank);
    int[] order = Layout.identity(rank).orderTo(randomLayout(random, rank));
    TensorData data = OnnxModelBuilder.random(random, randomShape(random, rank).toArray());
    TensorData transposed = Layout.transpose(data, order);
    Layout onRecord = layout.transposed(order);
    assertThat(stored(transposed, onRecord)).isEqualTo(stored(data, layout));
  }

  @Property
  void dimensionsOfSizeOneMayMoveWithoutMovingValues(
      @ForAll @IntRange(min = 1, max = 5) int rank, @ForAll long s) {
    Random random = new Random(s);
    Layout layout = randomLayout(random, rank);
    Shape shape = randomShape(random, rank);
    TensorData data = OnnxModelBuilder.random(random, shape.toArray());
    Layout usual = layout.canonical(shape);
    assertThat(stored(data, usual).array()).isEqualTo(stored(data, layout).array());
    int[] order = Layout.identity(rank).orderTo(layout);
    if (shape.keepsValuesTransposed(order)) {
      assertThat(stored(data, layout).array()).isEqualTo(data.array());
    }
  }
}
