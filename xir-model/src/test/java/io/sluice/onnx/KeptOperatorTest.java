package io.sluice.onnx;

import static io.sluice.onnx.OnnxModelBuilder.integer;
import static io.sluice.onnx.OnnxModelBuilder.ints;
import static io.sluice.onnx.OnnxModelBuilder.real;
import static io.sluice.onnx.OnnxModelBuilder.string;
import static io.sluice.onnx.OperatorCase.op;

import ai.onnxruntime.OrtException;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What XIR has no op for is kept as a custom op that ONNX Runtime runs on the CPU. */
class KeptOperatorTest {
  private static final int[] MAP = {1, 4, 6, 8};

  static Stream<OperatorCase> cases() {
    return Stream.of(
        op("TopK", 7, 1, 4, 9).with(integer("k", 3)).outputs(2),
        op("TopK", 10, 4, 9).longs(3).outputs(2).becomes("onnx::TopK", "onnx::TopK"),
        op("TopK", 11, MAP).longs(2).with(integer("axis", 1), integer("largest", 0)).outputs(2),
        op("LRN", 13, MAP).with(integer("size", 3), real("alpha", 0.5f)),
        op("CumSum", 14, MAP).value(TensorData.ofLongs(Shape.of(), 2)),
        op("Tile", 13, MAP).longs(1, 2, 1, 3),
        op("Expand", 13, 1, 4, 1, 8).longs(1, 4, 6, 8),
        op("Gather", 13, MAP).longs(2, 0, 1).with(integer("axis", 1)),
        op("Gather", 13, MAP)
            .value(TensorData.ofLongs(Shape.of(2, 2), 2, 0, 1, 1))
            .with(integer("axis", 2)),
        op("GatherElements", 13, 3, 3).value(TensorData.ofLongs(Shape.of(2, 1), 1, 2)),
        op("ScatterND", 16, 4, 3)
            .value(TensorData.ofLongs(Shape.of(1, 1), 2))
            .value(TensorData.ofFloats(Shape.of(1, 3), 1, 2, 3)),
        op("Scatter", 9, 3, 3)
            .value(TensorData.ofLongs(Shape.of(1, 2), 0, 2))
            .value(TensorData.ofFloats(Shape.of(1, 2), 7, 8)),
        op("Einsum", 12, 2, 3, 4).weights(4, 5).with(string("equation", "bij,jk->bik")),
        op("Hardmax", 13, 2, 5),
        op("ThresholdedRelu", 10, MAP).with(real("alpha", 0.7f)),
        op("Shrink", 9, MAP).with(real("lambd", 0.3f), real("bias", 0.1f)),
        op("ReduceL1", 13, MAP).with(ints("axes", 1, 3)),
        op("ReduceMin", 18, MAP).longs(1, -1),
        op("ReduceLogSumExp", 13, MAP).with(ints("axes", 2), integer("keepdims", 0)),
        op("Greater", 13, MAP).scalar(0.2f),
        op("Mod", 13, MAP).scalar(0.7f).with(integer("fmod", 1)),
        op("IsNaN", 13, MAP),
        op("Pad", 13, MAP).longs(0, 0, 1, 2, 0, 0, 2, 1).with(string("mode", "edge")),
        op("Pad", 7, MAP).with(ints("pads", 0, 0, 1, 2, 0, 0, 2, 1), string("mode", "edge")),
        op("Pad", 13, MAP).longs(0, 0, -1, 2, 0, 0, 2, -1),
        op("Pad", 19, MAP).longs(0, 0, 1, 2, 0, 0, 2, 1).with(string("mode", "wrap")),
        op("Slice", 13, MAP).longs(-1).longs(-99).longs(3).longs(-1),
        op("MaxPool", 12, MAP).with(ints("kernel_shape", 2, 2)).outputs(2),
        op("MaxPool", 12, MAP).with(ints("kernel_shape", 2, 2), ints("dilations", 2, 2)),
        op("AveragePool", 11, 1, 4, 4, 4, 4).with(ints("kernel_shape", 2, 2, 2)),
        op("GlobalLpPool", 2 + 7, MAP),
        op("Conv", 11, 1, 4, 5, 6, 7).weights(2, 4, 3, 3, 3),
        op("RoiAlign", 16, MAP)
            .value(TensorData.ofFloats(Shape.of(1, 4), 0, 0, 4, 4))
            .longs(0)
            .with(integer("output_height", 2), integer("output_width", 2)),
        op("GridSample", 16, MAP).weights(1, 3, 3, 2),
        op("Trilu", 14, 3, 5),
        op("Upsample", 9, 1, 4, 6).floats(1, 1, 2),
        op("Resize", 13, MAP).absent().floats(1, 1, 2, 2).with(string("mode", "cubic")),
        op("Resize", 18, MAP)
            .absent()
            .absent()
            .longs(1, 4, 3, 4)
            .with(string("mode", "linear"), integer("antialias", 1)),
        op("Resize", 10, 1, 4, 6).floats(1, 1, 2),
        op("Resize", 19, MAP)
            .absent()
            .floats(2, 2)
            .with(ints("axes", 2, 3), string("coordinate_transformation_mode", "half_pixel")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void aKeptOperatorGivesWhatOnnxRuntimeGives(OperatorCase operator) throws OrtException {
    operator.verify();
  }
}
