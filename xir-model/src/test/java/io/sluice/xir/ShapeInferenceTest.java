package io.sluice.xir;

import static io.sluice.xir.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.error.ErrorCode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapeInferenceTest {
  private final Graph graph = new Graph("g");
  private int count;

  private Op data(int... shape) {
    return graph.add(
        "x" + count++, "data", Attrs.EMPTY.with("shape", shape).with("data_type", "FLOAT32"));
  }

  private Shape infer(String type, Attrs attrs, Map<String, List<Op>> inputs) {
    return graph.add("op" + count++, type, attrs, inputs).output().shape();
  }

  private Shape infer(String type, Attrs attrs, Op... inputs) {
    return infer(type, attrs, Map.of("input", List.of(inputs)));
  }

  private static Attrs ints(String name, int... values) {
    return Attrs.EMPTY.with(name, values);
  }

  private static Attrs window(int kernel, int stride, String mode) {
    return ints("kernel", kernel, kernel)
        .with("stride", new int[] {stride, stride})
        .with("pad_mode", mode);
  }

  private Shape conv(String type, Attrs attrs, int[] input, int... weights) {
    Map<String, List<Op>> inputs = new HashMap<>();
    inputs.put("input", List.of(data(input)));
    inputs.put("weights", List.of(data(weights)));
    return infer(type, attrs, inputs);
  }

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

  @Test
  void eltwiseBroadcastsFromTheLastAxis() {
    assertThat(infer("add", Attrs.EMPTY, data(2, 1, 4), data(3, 1), data(1)))
        .isEqualTo(Shape.of(2, 3, 4));
    assertFails(
        ErrorCode.XIR_SHAPE_UNMATCH,
        "do not broadcast",
        () -> infer("mul", Attrs.EMPTY, data(2, 3), data(2, 4)));
    assertFails(
        ErrorCode.XIR_INVALID_ARG_OCCUR, "1 op", () -> infer("sub", Attrs.EMPTY, data(2, 3)));
  }

  @Test
  void eltwiseFixOfMoreThanTwoNeedsEqualShapes() {
    assertThat(infer("eltwise-fix", Attrs.EMPTY, data(1, 4))).isEqualTo(Shape.of(1, 4));
    assertThat(infer("eltwise-fix", Attrs.EMPTY, data(3, 4), data(4))).isEqualTo(Shape.of(3, 4));
    assertFails(
        ErrorCode.XIR_SHAPE_UNMATCH,
        "more than two",
        () -> infer("eltwise-fix", Attrs.EMPTY, data(3, 4), data(3, 4), data(4)));
  }

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
  void reductionsDropOrKeepAxes() {
    Attrs attrs = ints("axis", 1, -2).with("keep_dims", true);
    assertThat(infer("reduction_mean", attrs, data(2, 3, 4, 5))).isEqualTo(Shape.of(2, 1, 1, 5));
    assertThat(infer("reduction_max-fix", attrs.with("keep_dims", false), data(2, 3, 4, 5)))
        .isEqualTo(Shape.of(2, 5));
    assertThat(infer("argmax", Attrs.EMPTY.with("axis", 3), data(2, 3, 4, 5)))
        .isEqualTo(Shape.of(2, 3, 4, 1));
  }

  @Test
  void parametersOfANormalisationMatchItsAxis() {
    Map<String, List<Op>> inputs = new HashMap<>();
    inputs.put("input", List.of(data(1, 4, 4, 8)));
    for (String name : List.of("gamma", "beta", "moving_mean", "moving_var")) {
      inputs.put(name, List.of(data(8)));
    }
    Attrs attrs = Attrs.EMPTY.with("axis", 3).with("epsilon", 1e-5f);
    assertThat(infer("batchnorm", attrs, inputs)).isEqualTo(Shape.of(1, 4, 4, 8));
    assertFails(
        ErrorCode.XIR_SHAPE_UNMATCH,
        "for axis 1",
        () -> infer("batchnorm", attrs.with("axis", 1), inputs));
  }

  @Test
  void matmulBroadcastsItsBatch() {
    Attrs attrs = Attrs.EMPTY.with("transpose_a", false).with("transpose_b", false);
    assertThat(infer("matmul", attrs, data(1, 7, 2, 3), data(5, 1, 3, 4)))
        .isEqualTo(Shape.of(5, 7, 2, 4));
    assertThat(infer("matmul", attrs.with("transpose_b", true), data(2, 3), data(4, 3)))
        .isEqualTo(Shape.of(2, 4));
    assertFails(
        ErrorCode.XIR_SHAPE_UNMATCH,
        "columns of the first",
        () -> infer("matmul", attrs, data(2, 3), data(4, 3)));
    assertFails(
        ErrorCode.XIR_INVALID_ARG_OCCUR, "exactly two", () -> infer("matmul", attrs, data(2, 3)));
  }

  @Test
  void innerProductFlattensFromItsAxis() {
    Attrs attrs = Attrs.EMPTY.with("axis", 1);
    Map<String, List<Op>> inputs =
        Map.of("input", List.of(data(2, 3, 4)), "weights", List.of(data(10, 12)));
    assertThat(infer("inner-product", attrs, inputs)).isEqualTo(Shape.of(2, 10));
    assertFails(
        ErrorCode.XIR_SHAPE_UNMATCH,
        "for 12 inputs",
        () ->
            infer(
                "inner-product",
                attrs,
                Map.of("input", List.of(data(2, 3, 4)), "weights", List.of(data(10, 11)))));
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

  @Test
  void conversionsSayTheirType() {
    Attrs attrs =
        Attrs.EMPTY
            .with("fix_point", 4)
            .with("bit_width", 8)
            .with("round_mode", "DPU_ROUND")
            .with("if_signed", true);
    Op x = data(1, 4);
    Op fixed = graph.add("fixed", "float2fix", attrs, x);
    assertThat(fixed.output().type()).isEqualTo(DataType.XINT8);
    assertThat(graph.add("u", "float2fix", attrs.with("if_signed", false), x).output().type())
        .isEqualTo(new DataType(DataType.Kind.XUINT, 8));
    assertThat(graph.add("back", "fix2float", attrs, fixed).output().type())
        .isEqualTo(DataType.FLOAT32);
    assertThat(graph.add("cast", "cast", Attrs.EMPTY.with("data_type", "int32"), x).output().type())
        .isEqualTo(DataType.INT32);
    assertFails(
        ErrorCode.XIR_UNEXPECTED_VALUE,
        "'UP'",
        () -> graph.add("bad", "fix", attrs.with("round_mode", "UP"), x));
    assertFails(
        ErrorCode.XIR_OUT_OF_RANGE,
        "'bit_width' is 0",
        () -> graph.add("bad", "float2fix", attrs.with("bit_width", 0), x));
  }

  @Test
  void priorBoxesCountRatiosAndSizes() {
    Attrs attrs =
        Attrs.EMPTY
            .with("min_sizes", AttrValue.ofFloats(30f))
            .with("max_sizes", AttrValue.ofFloats(60f))
            .with("aspect_ratio", AttrValue.ofFloats(2f, 2f, 1f))
            .with("flip", true)
            .with("clip", false)
            .with("variance", AttrValue.ofFloats(0.1f))
            .with("step", AttrValue.ofFloats(8f))
            .with("offset", 0.5f);
    // Ratios 1, 2, 1/2 for the one minimum, and one box for the maximum: 4 boxes.
    assertThat(infer("priorbox", attrs, data(1, 3, 5, 8))).isEqualTo(Shape.of(1, 2, 3 * 5 * 4 * 4));
  }
}
