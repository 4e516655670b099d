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

/** Operators that have an op of XIR, and which one. */
class OperatorImportTest {
  private static final int[] MAP = {1, 4, 6, 8};

  static Stream<OperatorCase> cases() {
    return Stream.of(
        op("Gelu", 20, MAP).becomes("gelu"),
        op("Gelu", 20, MAP).with(string("approximate", "tanh")),
        op("Selu", 7, MAP).becomes("selu"),
        op("Selu", 13, MAP).with(real("alpha", 1f)),
        op("Mish", 18, MAP).becomes("mish"),
        op("PRelu", 9, MAP).weights(4, 1, 1).becomes("prelu"),
        op("PRelu", 16, MAP).floats(0.2f).becomes("leaky-relu"),
        op("PRelu", 16, MAP).weights(6, 8),
        op("PRelu", 16, 2, 5).weights(5).becomes("prelu"),
        op("InstanceNormalization", 7, MAP).weights(4).weights(4).becomes("instancenorm"),
        op("InstanceNormalization", 17, 2, 3, 7).weights(3).weights(3),
        op("GroupNormalization", 21, MAP)
            .weights(4)
            .weights(4)
            .with(integer("num_groups", 2))
            .becomes("groupnorm"),
        op("LayerNormalization", 17, 2, 3, 8)
            .weights(8)
            .weights(8)
            .becomes("onnx::LayerNormalization"),
        op("LayerNormalization", 17, 2, 3, 8)
            .weights(3, 8)
            .with(integer("axis", 1), real("epsilon", 0.1f))
            .becomes("reshape", "onnx::LayerNormalization", "reshape"),
        op("LayerNormalization", 17, MAP).weights(6, 8).with(integer("axis", 2)),
        op("LayerNormalization", 17, 2, 3, 8).weights(8).outputs(3),
        op("LpNormalization", 13, MAP).with(integer("axis", 1)).becomes("l2_normalize"),
        op("LpNormalization", 13, MAP).with(integer("p", 1)),
        op("DepthToSpace", 13, MAP)
            .with(integer("blocksize", 2), string("mode", "CRD"))
            .becomes("pixel-shuffle"),
        op("DepthToSpace", 9, 1, 8, 3, 2).with(integer("blocksize", 2)).becomes("gstiling"),
        op("SpaceToDepth", 13, MAP).with(integer("blocksize", 2)).becomes("gstiling"),
        op("ArgMax", 13, MAP).with(integer("axis", 1)).becomes("argmax", "cast"),
        op("ArgMax", 7, MAP).with(integer("axis", 1), integer("keepdims", 0)),
        op("ArgMin", 13, MAP).with(integer("axis", 3), integer("keepdims", 0)),
        op("ArgMax", 13, MAP).with(integer("select_last_index", 1)),
        op("ConvTranspose", 11, 1, 4, 5, 6)
            .weights(4, 3, 3, 3)
            .weights(6)
            .with(integer("group", 2), ints("strides", 2, 2)),
        op("ConvTranspose", 11, 1, 4, 5, 6)
            .weights(4, 3, 3, 3)
            .weights(3)
            .with(ints("output_padding", 1, 1), ints("strides", 2, 2))
            .becomes("transposed-conv2d", "pad", "add"),
        op("ConvTranspose", 11, 1, 4, 5, 6)
            .weights(4, 3, 3, 3)
            .with(ints("strides", 2, 2), ints("output_shape", 10, 12)),
        op("ConvTranspose", 11, 1, 4, 5, 6).weights(4, 2, 2, 2).with(integer("group", 4)),
        op("Split", 18, MAP).with(integer("axis", 3), integer("num_outputs", 3)).outputs(3),
        op("Split", 13, MAP).longs(1, 3).with(integer("axis", 1)).outputs(2),
        op("ReduceMean", 18, MAP).longs(2, 3).becomes("avgpool2d"),
        op("ReduceMax", 20, MAP).longs(1).with(integer("keepdims", 0)),
        op("ReduceMean", 13, MAP).with(integer("keepdims", 0)),
        op("ReduceSum", 11, MAP).with(ints("axes", 1)),
        op("Pad", 18, MAP).longs(1, 2).absent().longs(3),
        op("MatMul", 13, 2, 3, 4, 5).weights(2, 3, 5, 6),
        op("MatMul", 13, 3, 5).weights(5),
        op("Gemm", 13, 3, 5).weights(6, 5).weights(3, 6).with(integer("transB", 1)),
        op("Gemm", 13, 5, 5).again(),
        op("Softmax", 7, MAP).with(integer("axis", 1)),
        op("LogSoftmax", 13, MAP).with(integer("axis", 1)),
        op("LogSoftmax", 11, 2, 5).with(integer("axis", 1)),
        op("Clip", 7, MAP).with(real("min", -1f), real("max", 0.5f)),
        op("Dropout", 7, MAP),
        op("Dropout", 13, MAP),
        op("Squeeze", 11, 1, 4, 1, 8).with(ints("axes", 2)),
        op("Squeeze", 13, 1, 4, 1, 8).longs(2),
        op("Unsqueeze", 13, 3, 4).longs(0, -1),
        op("Cast", 13, MAP).with(integer("to", 6)),
        op("Pow", 13, MAP).scalar(3f).onPositive(),
        op("Pow", 13, MAP).weights(4, 1, 1).onPositive());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void anOperatorGivesWhatOnnxRuntimeGives(OperatorCase operator) throws OrtException {
    operator.verify();
  }

  @ParameterizedTest
  @MethodSource("interpolations")
  void everyResizeGivesWhatOnnxRuntimeGives(OperatorCase resize) throws OrtException {
    resize.verify();
  }

  static Stream<OperatorCase> interpolations() {
    Stream.Builder<OperatorCase> cases = Stream.builder();
    for (String mode : new String[] {"nearest", "linear", "cubic"}) {
      for (String coordinates :
          new String[] {"half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"}) {
        for (float[] scales :
            new float[][] {{1, 1, 2, 2}, {1, 1, 0.5f, 0.5f}, {1, 1, 1.7f, 0.6f}}) {
          for (String rounding : new String[] {"floor", "round_prefer_floor"}) {
            // ONNX Runtime does not shrink by cubic interpolation once it has moved a transpose.
            boolean runs = !mode.equals("cubic") || scales[3] == 2;
            if (runs && (mode.equals("nearest") || rounding.equals("floor"))) {
              cases.add(
                  op("Resize", 13, MAP)
                      .absent()
                      .value(TensorData.ofFloats(Shape.of(4), scales))
                      .with(
                          string("mode", mode),
                          string("coordinate_transformation_mode", coordinates),
                          string("nearest_mode", rounding)));
            }
          }
        }
      }
    }
    for (String mode : new String[] {"nearest", "linear"}) {
      cases.add(op("Upsample", 9, MAP).floats(1, 1, 2, 3).with(string("mode", mode)));
      cases.add(op("Resize", 10, MAP).floats(1, 1, 2, 3).with(string("mode", mode)));
      cases.add(
          op("Upsample", 7, MAP)
              .with(string("mode", mode), OnnxAttributes.reals("scales", 1, 1, 2, 2)));
    }
    return cases.build();
  }
}
