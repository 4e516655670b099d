package io.sluice.xir;

import static io.sluice.xir.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.error.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ops that move values: joins, slices, padding, transposes, blocks, reshapes, resampling. */
class MovementShapeTest extends ShapeInference {
  @Test
  void concatAddsAlongItsAxis() {
    assertThat(infer("concat", Attrs.EMPTY.with("axis", -1), data(1, 2, 3), data(1, 2, 4)))
        .isEqualTo(Shape.of(1, 2, 7));
    assertFails(
        ErrorCode.XIR_SHAPE_UNMATCH,
        "do not join",
        () -> infer("concat", Attrs.EMPTY.with("axis", 1), data(1, 2, 3), data(1, 2, 4)));
    assertFails(
        ErrorCode.XIR_OUT_OF_RANGE,
        "axis 3",
        () -> infer("concat", Attrs.EMPTY.with("axis", 3), data(1, 2, 3)));
  }

  @Test
  void stackAddsAnAxis() {
    assertThat(infer("stack", Attrs.EMPTY.with("axis", 1), data(5, 6), data(5, 6), data(5, 6)))
        .isEqualTo(Shape.of(5, 3, 6));
    assertThat(infer("stack", Attrs.EMPTY.with("axis", -1), data(5, 6)))
        .isEqualTo(Shape.of(5, 6, 1));
  }

  @Test
  void padAddsBeforeAndAfterEveryAxis() {
    Attrs attrs = ints("paddings", 0, 0, 1, 2, 3, 4).with("mode", "CONSTANT");
    assertThat(infer("pad", attrs, data(1, 5, 6))).isEqualTo(Shape.of(1, 8, 13));
    assertFails(
        ErrorCode.XIR_OUT_OF_RANGE,
        "mirror",
        () -> infer("pad", attrs.with("mode", "REFLECT"), data(1, 5, 4)));
    assertFails(
        ErrorCode.XIR_INVALID_ATTR_OCCUR, "6 entries", () -> infer("pad", attrs, data(1, 5, 4, 4)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10, 1, 10",
    "2, -1, 1, 7",
    "-3, 100, 1, 3",
    "0, 10, 3, 4",
    "9, -100, -1, 10",
    "9, 0, -1, 9",
    "100, -100, -4, 3",
    "-2, -8, -2, 3",
  })
  void slicesAreNumPys(int begin, int end, int stride, int length) {
    Attrs attrs =
        ints("begin", begin).with("end", new int[] {end}).with("strides", new int[] {stride});
    assertThat(infer("strided_slice", attrs, data(10, 3))).isEqualTo(Shape.of(length, 3));
  }

  @Test
  void anEmptySliceOrOneOfStrideZeroIsRefused() {
    Attrs attrs = ints("begin", 5).with("end", new int[] {5}).with("strides", new int[] {1});
    assertFails(
        ErrorCode.XIR_OUT_OF_RANGE,
        "would have shape",
        () -> infer("strided_slice", attrs, data(10, 3)));
    assertFails(
        ErrorCode.XIR_OUT_OF_RANGE,
        "strides",
        () -> infer("strided_slice", attrs.with("strides", new int[] {0}), data(10, 3)));
  }

  @Test
  void transposePermutes() {
    assertThat(infer("transpose", ints("order", 0, 3, 1, 2), data(1, 2, 3, 4)))
        .isEqualTo(Shape.of(1, 4, 2, 3));
    for (int[] bad : new int[][] {{0, 1}, {0, 1, 1, 2}, {0, 1, 2, 4}, {0, 1, 2, -1}}) {
      assertFails(
          ErrorCode.XIR_UNEXPECTED_VALUE,
          Arrays.toString(bad),
          () -> infer("transpose", ints("order", bad), data(1, 2, 3, 4)));
    }
  }

  @ParameterizedTest
  @CsvSource({"reorg, scale", "reorg-fix, scale", "gstiling, stride", "tile-fix, stride"})
  void blocksMoveBetweenSpaceAndChannels(String type, String size) {
    Attrs attrs = Attrs.EMPTY.with(size, 2).with("reverse", false);
    assertThat(infer(type, attrs, data(1, 4, 6, 4))).isEqualTo(Shape.of(1, 2, 3, 16));
    assertThat(infer(type, attrs.with("reverse", true), data(1, 4, 6, 4)))
        .isEqualTo(Shape.of(1, 8, 12, 1));
    assertFails(
        ErrorCode.XIR_SHAPE_UNMATCH, "blocks of 2", () -> infer(type, attrs, data(1, 5, 6, 4)));
    assertFails(
        ErrorCode.XIR_OUT_OF_RANGE,
        "'" + size + "' is 0",
        () -> infer(type, attrs.with(size, 0), data(1, 4, 6, 4)));
  }

  @Test
  void reshapeCopiesZerosAndFillsOneFreeAxis() {
    assertThat(infer("reshape", ints("shape", 0, -1, 4), data(2, 3, 4, 5)))
        .isEqualTo(Shape.of(2, 15, 4));
    assertThat(infer("reshape-fix", ints("shape", 120), data(2, 3, 4, 5))).isEqualTo(Shape.of(120));
    for (int[] bad :
        new int[][] {{-1, -1}, {7, -1}, {2, 3}, {-2, 3}, {1 << 30, 1 << 30}, {0, 0, 0, 0, 0}}) {
      assertFails(
          ErrorCode.XIR_SHAPE_UNMATCH,
          Arrays.toString(bad),
          () -> infer("reshape", ints("shape", bad), data(2, 3, 4, 5)));
    }
  }

  @Test
  void reshapeTakesAConstantOrAKnownShape() {
    Op x = data(2, 6);
    Op constant = graph.addConst("c", TensorData.ofLongs(Shape.of(2), 3, 4));
    assertThat(
            infer("reshape", Attrs.EMPTY, Map.of("input", List.of(x), "shape", List.of(constant))))
        .isEqualTo(Shape.of(3, 4));
    Op shape = graph.add("s", "shape", Attrs.EMPTY, data(4, 3));
    assertThat(shape.output().shape()).isEqualTo(Shape.of(2));
    assertThat(infer("reshape", Attrs.EMPTY, Map.of("input", List.of(x), "shape", List.of(shape))))
        .isEqualTo(Shape.of(4, 3));
    assertFails(
        ErrorCode.XIR_SHAPE_UNMATCH,
        "only known when the model runs",
        () ->
            infer("reshape", Attrs.EMPTY, Map.of("input", List.of(x), "shape", List.of(data(2)))));
  }

  @Test
  void squeezeDropsOnes() {
    assertThat(infer("squeeze", Attrs.EMPTY, data(1, 3, 1, 4))).isEqualTo(Shape.of(3, 4));
    assertThat(infer("squeeze", ints("axis", -2), data(1, 3, 1, 4))).isEqualTo(Shape.of(1, 3, 4));
    assertFails(
        ErrorCode.XIR_SHAPE_UNMATCH,
        "is not 1",
        () -> infer("squeeze", ints("axis", 1), data(1, 3)));
  }

  @Test
  void flattenJoinsARangeOfAxes() {
    Attrs attrs = Attrs.EMPTY.with("start_axis", 1).with("end_axis", -2);
    assertThat(infer("flatten", attrs, data(2, 3, 4, 5))).isEqualTo(Shape.of(2, 12, 5));
    assertThat(infer("flatten", attrs.with("end_axis", -1), data(2, 3, 4, 5)))
        .isEqualTo(Shape.of(2, 60));
    assertFails(
        ErrorCode.XIR_UNEXPECTED_VALUE,
        "axes 1 to 0",
        () -> infer("flatten", attrs.with("end_axis", 0), data(2, 3)));
  }

  @Test
  void resizeGoesBySizeOrScale() {
    Attrs attrs = Attrs.EMPTY.with("mode", "NEAREST");
    Attrs scaled = attrs.with("scale", AttrValue.ofFloats(2f, 3f));
    assertThat(infer("resize", scaled, data(1, 5, 6, 3))).isEqualTo(Shape.of(1, 15, 12, 3));
    Op size = graph.addConst("size", TensorData.ofInts(Shape.of(2), 7, 9));
    assertThat(
            infer(
                "resize", attrs, Map.of("input", List.of(data(1, 5, 6, 3)), "size", List.of(size))))
        .isEqualTo(Shape.of(1, 7, 9, 3));
    assertFails(
        ErrorCode.XIR_INVALID_ATTR_OCCUR,
        "0 factors",
        () -> infer("resize", attrs, data(1, 5, 6, 3)));
    assertFails(
        ErrorCode.XIR_OUT_OF_RANGE,
        "'scale'",
        () ->
            infer(
                "resize",
                attrs.with("scale", AttrValue.ofFloats(Float.NaN, 1f)),
                data(1, 5, 6, 3)));
    assertFails(
        ErrorCode.XIR_SHAPE_UNMATCH,
        "5 dimensions",
        () -> infer("resize", scaled.with("mode", "TRILINEAR"), data(1, 5, 6, 3)));
  }

  @Test
  void fixedPointSamplingRoundsTowardsTheLargerMap() {
    Attrs attrs = Attrs.EMPTY.with("mode", "NEAREST").with("scale", AttrValue.ofFloats(2f, 2f));
    assertThat(infer("upsample-fix", attrs, data(1, 5, 6, 3))).isEqualTo(Shape.of(1, 10, 12, 3));
    assertThat(infer("downsample-fix", attrs, data(1, 5, 6, 3))).isEqualTo(Shape.of(1, 3, 3, 3));
  }
}
