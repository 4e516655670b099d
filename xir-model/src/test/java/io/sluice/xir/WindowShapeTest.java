package io.sluice.xir;

import static io.sluice.xir.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolutions and pools. */
class WindowShapeTest extends ShapeInference {
  /** Width 224 padded to 229, kernel 6, stride 2: 111.5 steps after the first window. */
  @ParameterizedTest
  @CsvSource({"FLOOR, 112", "CEIL, 113", "SAME, 115", "VALID, 112"})
  void convolutionRoundsByItsPadMode(String mode, int width) {
    Attrs attrs = window(6, 2, mode).with("pad", new int[] {3, 2, 3, 2});
    assertThat(conv("conv2d", attrs, new int[] {1, 224, 224, 3}, 8, 6, 6, 3))
        .isEqualTo(Shape.of(1, width, width, 8));
  }

  @Test
  void kernelStrideAndPadAreWidthFirst() {
    Attrs attrs =
        ints("kernel", 5, 3)
            .with("stride", new int[] {2, 1})
            .with("pad", new int[] {1, 2, 3, 4})
            .with("pad_mode", "FLOOR");
    // H: 10 + 7 - 3 + 1 = 15; W: (20 + 3 - 5 + 2) / 2 = 10.
    assertThat(conv("conv2d", attrs, new int[] {2, 10, 20, 3}, 6, 3, 5, 3))
        .isEqualTo(Shape.of(2, 15, 10, 6));
  }

  @Test
  void dilationWidensTheKernel() {
    Attrs attrs = window(3, 1, "FLOOR").with("dilation", new int[] {2, 3});
    assertThat(conv("conv2d", attrs, new int[] {1, 10, 10, 3}, 6, 3, 3, 3))
        .isEqualTo(Shape.of(1, 4, 6, 6));
  }

  @Test
  void groupsDivideChannels() {
    Attrs attrs = window(1, 1, "FLOOR");
    int[] input = {1, 4, 4, 6};
    assertThat(conv("conv2d", attrs.with("group", 2), input, 4, 1, 1, 3).dim(3)).isEqualTo(4);
    assertFails(
        ErrorCode.XIR_INVALID_ARG_OCCUR,
        "group 4",
        () -> conv("conv2d", attrs.with("group", 4), input, 4, 1, 1, 1));
    assertFails(
        ErrorCode.XIR_INVALID_ARG_OCCUR,
        "group 3",
        () -> conv("conv2d", attrs.with("group", 3), input, 4, 1, 1, 2));
    assertFails(
        ErrorCode.XIR_OUT_OF_RANGE,
        "'group' is 0",
        () -> conv("conv2d", attrs.with("group", 0), input, 4, 1, 1, 6));
  }

  @Test
  void depthwiseMultipliesChannels() {
    assertThat(conv("depthwise-conv2d", window(3, 1, "SAME"), new int[] {1, 8, 8, 5}, 2, 3, 3, 5))
        .isEqualTo(Shape.of(1, 8, 8, 10));
  }

  @Test
  void aFixedPointConvolutionAlwaysRoundsDown() {
    Attrs attrs = window(3, 2, "CEIL");
    assertThat(conv("conv2d-fix", attrs, new int[] {1, 8, 8, 3}, 4, 3, 3, 3))
        .isEqualTo(Shape.of(1, 3, 3, 4));
    assertThat(conv("conv2d", attrs, new int[] {1, 8, 8, 3}, 4, 3, 3, 3))
        .isEqualTo(Shape.of(1, 4, 4, 4));
  }

  @ParameterizedTest
  @CsvSource({"FLOOR, 16", "CEIL, 16", "SAME, 16", "VALID, 18"})
  void transposedConvolutionGrows(String mode, int size) {
    Attrs attrs = window(4, 2, mode).with("pad", new int[] {1, 1, 1, 1});
    assertThat(conv("transposed-conv2d", attrs, new int[] {1, 8, 8, 3}, 4, 4, 4, 3))
        .isEqualTo(Shape.of(1, size, size, 4));
  }

  @Test
  void threeDimensionalConvolutionIsNhwdc() {
    Attrs attrs =
        ints("kernel", 1, 2, 3)
            .with("stride", new int[] {1, 1, 1})
            .with("pad", new int[] {0, 0, 0, 0, 1, 1})
            .with("pad_mode", "FLOOR");
    assertThat(conv("conv3d", attrs, new int[] {1, 10, 20, 30, 3}, 4, 2, 1, 3, 3))
        .isEqualTo(Shape.of(1, 9, 20, 30, 4));
    assertThat(conv("transposed-depthwise-conv3d", attrs, new int[] {1, 4, 5, 6, 3}, 1, 2, 1, 3, 3))
        .isEqualTo(Shape.of(1, 5, 5, 6, 3));
  }

  @Test
  void oneDimensionalConvolutionIsNlc() {
    Attrs attrs =
        ints("kernel", 3)
            .with("stride", new int[] {2})
            .with("pad", new int[] {1, 1})
            .with("pad_mode", "FLOOR");
    assertThat(conv("conv1d", attrs, new int[] {1, 10, 3}, 4, 3, 3)).isEqualTo(Shape.of(1, 5, 4));
    assertFails(
        ErrorCode.XIR_INVALID_ATTR_OCCUR,
        "kernel",
        () ->
            conv("conv1d", attrs.with("kernel", new int[] {3, 3}), new int[] {1, 10, 3}, 4, 3, 3));
  }

  @Test
  void windowsRefuseMeaninglessNumbers() {
    int[] input = {1, 8, 8, 3};
    for (String name : List.of("kernel", "stride", "dilation")) {
      assertFails(
          ErrorCode.XIR_OUT_OF_RANGE,
          "'" + name + "' is [0, 3]",
          () ->
              conv(
                  "conv2d", window(3, 1, "FLOOR").with(name, new int[] {0, 3}), input, 4, 3, 3, 3));
    }
    assertFails(
        ErrorCode.XIR_OUT_OF_RANGE,
        "'pad'",
        () ->
            conv(
                "conv2d",
                window(3, 1, "FLOOR").with("pad", new int[] {0, 0, -1, 0}),
                input,
                4,
                3,
                3,
                3));
    assertFails(
        ErrorCode.XIR_INVALID_ARG_OCCUR,
        "'WHATEVER'",
        () -> conv("conv2d", window(3, 1, "WHATEVER"), input, 4, 3, 3, 3));
    assertFails(
        ErrorCode.XIR_OUT_OF_RANGE,
        "would have shape",
        () -> conv("conv2d", window(9, 1, "FLOOR"), input, 4, 9, 9, 3));
    assertFails(
        ErrorCode.XIR_SHAPE_UNMATCH,
        "for kernel [3, 3]",
        () -> conv("conv2d", window(3, 1, "FLOOR"), input, 4, 5, 5, 3));
    assertFails(
        ErrorCode.XIR_INVALID_ARG_OCCUR,
        "weights [4, 3, 3, 2]",
        () -> conv("conv2d", window(3, 1, "FLOOR"), input, 4, 3, 3, 2));
    assertFails(
        ErrorCode.XIR_SHAPE_UNMATCH,
        "4 dimensions",
        () -> conv("conv2d", window(3, 1, "FLOOR"), new int[] {8, 8, 3}, 4, 3, 3, 3));
  }

  @Test
  void hugeWindowsOverflowNothing() {
    int max = Integer.MAX_VALUE;
    assertFails(
        ErrorCode.XIR_OUT_OF_RANGE,
        "would have shape",
        () ->
            infer(
                "maxpool2d",
                window(1, 1, "FLOOR").with("pad", new int[] {max, max, max, max}),
                data(1, 8, 8, 3)));
    assertFails(
        ErrorCode.XIR_OUT_OF_RANGE,
        "would have shape",
        () ->
            infer(
                "maxpool2d",
                ints("kernel", max, max).with("stride", new int[] {1, 1}).with("pad_mode", "VALID"),
                data(1, 8, 8, 3)));
  }

  @Test
  void aGlobalPoolLeavesOnePosition() {
    assertThat(infer("avgpool2d", window(2, 1, "FLOOR").with("global", true), data(2, 7, 9, 16)))
        .isEqualTo(Shape.of(2, 1, 1, 16));
  }

  @Test
  void aFixedPointPoolIsMaxOrAvg() {
    Attrs attrs = window(2, 2, "FLOOR");
    assertThat(infer("pool-fix", attrs.with("type", "MAX"), data(1, 9, 8, 3)))
        .isEqualTo(Shape.of(1, 4, 4, 3));
    assertFails(
        ErrorCode.XIR_UNEXPECTED_VALUE,
        "'SUM'",
        () -> infer("pool-fix", attrs.with("type", "SUM"), data(1, 8, 8, 3)));
  }

  @Test
  void aFusedHardSigmoidNamesItsShifts() {
    Attrs attrs = window(1, 1, "FLOOR").with("nonlinear", "HSIGMOID");
    int[] input = {1, 4, 4, 3};
    assertFails(
        ErrorCode.XIR_UNEXPECTED_VALUE,
        "hsigmoid_in",
        () -> conv("conv2d-fix", attrs, input, 4, 1, 1, 3));
    Attrs shifts = attrs.with("hsigmoid_in", 2).with("shift_hsigmoid", 9);
    assertFails(
        ErrorCode.XIR_UNDEFINED_ATTR,
        "shift_bias",
        () -> conv("conv2d-fix", shifts, input, 4, 1, 1, 3));
    Attrs all = shifts.with("shift_bias", 1).with("shift_cut", 3);
    assertThat(conv("conv2d-fix", all, input, 4, 1, 1, 3)).isEqualTo(Shape.of(1, 4, 4, 4));
    assertFails(
        ErrorCode.XIR_UNEXPECTED_VALUE,
        "shift_hswish",
        () -> conv("conv2d-fix", all.with("nonlinear", "HSWISH"), input, 4, 1, 1, 3));
  }
}
