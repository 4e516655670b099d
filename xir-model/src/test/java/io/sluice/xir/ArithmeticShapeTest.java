package io.sluice.xir;

import static io.sluice.xir.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.error.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ops that compute without a window: element by element, reductions, matrices, conversions. */
class ArithmeticShapeTest extends ShapeInference {
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
