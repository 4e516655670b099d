package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A resample repeats pixels only where it leaves none out. */
class NearestResampleTest {
  private static final Shape IMAGE = Shape.of(1, 2, 3, 8);

  private static NearestResample to(int height, int width) {
    return new NearestResample(
        IMAGE,
        NearestResample.axis(2, height, false, false),
        NearestResample.axis(3, width, false, false));
  }

  @Test
  void everyPixelTheSameNumberOfTimes() {
    assertThat(to(2, 3).repeats()).isEqualTo(1);
    assertThat(to(4, 6).repeats()).isEqualTo(2);
    assertThat(to(4, 3).repeats()).isZero();
    assertThat(to(3, 6).repeats()).isZero();
  }

  /** The columns that stay are the first ones, so what is left looks like a copy. */
  @Test
  void columnsThatAreLeftOutAreNoRepeats() {
    assertThat(to(2, 1).repeats()).isZero();
    assertThat(to(2, 2).repeats()).isZero();
  }

  @Test
  void columnsLeftOutAreLeftOutInFloatToo() {
    FixGraph g = new FixGraph();
    Op in = g.input(0, 1, 2, 3, 8);
    g.add(
        "downsample-fix",
        0,
        Attrs.EMPTY.with("mode", "NEAREST").with("scale", AttrValue.ofFloats(3, 1)),
        in);
    byte[] x = new byte[IMAGE.elements()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (byte) i;
    }
    Map<String, TensorData> values =
        Map.of(in.output().name(), TensorData.wrap(DataType.XINT8, IMAGE, x));
    assertThat(Engines.difference(g.program(), values, new FloatArithmetic(), 1)).isNull();
  }
}
