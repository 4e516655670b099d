package io.sluice.vart;

import static io.sluice.vart.KeptRow.integer;
import static io.sluice.vart.KeptRow.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import io.sluice.onnx.OnnxImporter;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Operators whose meaning depends on the order of dimensions, on feature maps of four different
 * sizes: what the importer keeps as nodes of ONNX, and what it turns into ops of XIR by an axis.
 */
class KeptOperatorRunTest {
  private static final int[] MAP = {2, 3, 4, 5};

  static Stream<KeptRow> kept() {
    return Stream.of(
        row("MeanVarianceNormalization", 9, MAP),
        row("MeanVarianceNormalization", 13, MAP),
        row("MeanVarianceNormalization", 13, MAP).with("axes", 1, 3),
        row("MeanVarianceNormalization", 13, MAP).with("axes", new int[] {2}),
        row("LpNormalization", 7, MAP).with("axis", 1).with("p", 1),
        row("LpPool", 11, MAP).with("kernel_shape", 2, 3).with("p", 3),
        row("LpPool", 18, MAP).with("kernel_shape", 2, 3).with("ceil_mode", 1),
        row("GlobalLpPool", 7, MAP).with("p", 2),
        row("AveragePool", 19, MAP).with("kernel_shape", 2, 2).with("dilations", 1, 2),
        row("AveragePool", 19, MAP).with("kernel_shape", 2, 2).with("ceil_mode", 1),
        row("MaxPool", 12, MAP).with("kernel_shape", 2, 3).outputs(2),
        row("MaxPool", 12, MAP).with("kernel_shape", 2, 3).with("storage_order", 1).outputs(2),
        row("LRN", 13, MAP).with("size", 3).with("alpha", 0.5f),
        row("Hardmax", 13, MAP).with("axis", 1),
        row("Hardmax", 13, MAP),
        row("Softmax", 13, MAP).with("axis", 2),
        row("LogSoftmax", 13, MAP).with("axis", 1),
        row("ArgMax", 12, MAP).with("axis", 1).with("select_last_index", 1),
        row("ArgMin", 13, MAP).with("axis", 3).with("select_last_index", 1).with("keepdims", 0),
        row("CumSum", 14, MAP).longs(new int[] {}, 1),
        row("CumSum", 14, MAP).longs(new int[] {}, 2).with("exclusive", 1).with("reverse", 1),
        row("TopK", 11, MAP).list(2).with("axis", 1).outputs(2),
        row("TopK", 11, MAP).list(3).with("axis", 3).with("largest", 0).outputs(2),
        row("Gather", 13, MAP).longs(new int[] {2, 2}, 2, 0, 1, 1).with("axis", 1),
        row("GatherElements", 13, MAP)
            .longs(new int[] {2, 1, 4, 5}, indices(40, 3))
            .with("axis", 1),
        row("GatherND", 13, MAP).longs(new int[] {2, 2}, 1, 2, 0, 0),
        row("GatherND", 13, MAP).longs(new int[] {2, 2, 1}, 2, 0, 1, 1).with("batch_dims", 1),
        row("ScatterElements", 16, MAP)
            .longs(new int[] {2, 1, 4, 5}, indices(40, 3))
            .weights(2, 1, 4, 5)
            .with("axis", 1),
        row("ScatterElements", 16, MAP)
            .longs(new int[] {1, 1, 1, 2}, 2, 0)
            .weights(1, 1, 1, 2)
            .with("axis", 3)
            .with("reduction", "add"),
        row("ScatterND", 16, MAP).longs(new int[] {1, 2}, 1, 2).weights(1, 4, 5),
        row("OneHot", 11, MAP)
            .through("ArgMax", integer("axis", 1), integer("keepdims", 0))
            .list(3)
            .floats(new int[] {2}, -1, 2)
            .with("axis", 1),
        row("ReverseSequence", 10, MAP).list(3, 1).with("batch_axis", 0).with("time_axis", 1),
        row("ReverseSequence", 10, MAP).list(2, 1, 2),
        row("Einsum", 12, MAP).weights(3, 6).with("equation", "nchw,cd->ndhw"),
        row("Einsum", 12, MAP).with("equation", "nchw->nwc"),
        row("GridSample", 16, MAP).weights(2, 6, 7, 2),
        row("GridSample", 20, MAP).weights(2, 6, 7, 2).with("mode", "nearest"),
        row("RoiAlign", 16, MAP)
            .floats(new int[] {2, 4}, 0, 0, 4, 3, 1, 1, 3, 3)
            .list(0, 1)
            .with("output_height", 2)
            .with("output_width", 3),
        row("MaxRoiPool", 7, MAP)
            .floats(new int[] {2, 5}, 0, 0, 0, 4, 3, 1, 1, 1, 3, 3)
            .with("pooled_shape", 2, 3),
        row("MaxUnpool", 11, MAP)
            .longs(new int[] {2, 3, 4, 5}, unpooled())
            .with("kernel_shape", 2, 2)
            .with("strides", 2, 2),
        row("AffineGrid", 20, 2, 2, 3).list(2, 3, 4, 5),
        row("Trilu", 14, MAP),
        row("Trilu", 14, MAP).longs(new int[] {}, 1).with("upper", 0),
        row("Det", 11, 2, 3, 4, 4),
        row("Tile", 13, MAP).list(1, 2, 1, 3),
        row("Pad", 13, MAP).list(0, 0, 1, 2, 0, 1, 2, 1).with("mode", "edge"),
        row("Pad", 13, MAP).list(0, 1, 1, 2, 0, 1, 2, 1).with("mode", "reflect"),
        row("Pad", 19, MAP).list(1, 2, 0, 1).absent().list(1, 3).with("mode", "wrap"),
        row("CenterCropPad", 18, MAP).list(5, 3).with("axes", 1, 3),
        row("Col2Im", 18, 2, 12, 6).list(3, 4).list(2, 2),
        row("DFT", 17, 2, 3, 4, 1).with("axis", 2),
        row("Slice", 13, MAP).list(-1).list(-99).list(1).list(-1),
        row("Resize", 13, MAP).absent().floats(new int[] {4}, 1, 1, 2, 2).with("mode", "cubic"),
        row("Resize", 18, MAP)
            .absent()
            .absent()
            .list(2, 2)
            .with("axes", 2, 3)
            .with("mode", "linear")
            .with("antialias", 1),
        row("Where", 16, MAP).through("IsNaN").weights(3, 1, 1).weights(1, 5),
        row("Greater", 13, MAP).weights(3, 1, 1),
        row("Mod", 13, MAP).weights(3, 4, 1).with("fmod", 1),
        row("PRelu", 16, MAP).weights(4, 5),
        row("PRelu", 16, MAP).weights(3, 4, 5),
        row("LayerNormalization", 17, MAP).weights(3, 4, 5).with("axis", 1),
        row("LayerNormalization", 17, MAP).weights(4, 5).weights(4, 5).with("axis", 2),
        row("LayerNormalization", 17, MAP).weights(5).outputs(3),
        row("GroupNormalization", 21, MAP).weights(3).weights(3).with("num_groups", 3),
        row("InstanceNormalization", 7, MAP).weights(3).weights(3),
        row("BatchNormalization", 15, MAP)
            .weights(3)
            .weights(3)
            .weights(3)
            .floats(new int[] {3}, 1, 2, 0.5f),
        row("QuantizeLinear", 13, MAP)
            .floats(new int[] {3}, 0.1f, 0.05f, 0.02f)
            .bytes((byte) 1, (byte) 0, (byte) -3),
        row("DequantizeLinear", 13, MAP)
            .through("Cast", integer("to", 3))
            .floats(new int[] {3}, 0.1f, 0.05f, 0.02f),
        row("DynamicQuantizeLinear", 11, MAP).outputs(3),
        row("Conv", 11, 2, 3, 4, 5, 6).weights(2, 3, 2, 2, 2),
        row("FusedConv", 17, MAP)
            .domain("com.microsoft")
            .weights(4, 3, 2, 2)
            .with("activation", "Relu"),
        row("Inverse", 17, 2, 3, 4, 4).domain("com.microsoft"),
        row("FusedMatMul", 17, MAP).domain("com.microsoft").weights(6, 5).with("transB", 1));
  }

  static Stream<KeptRow> reductions() {
    Stream.Builder<KeptRow> rows = Stream.builder();
    for (String type :
        new String[] {
          "ReduceL1",
          "ReduceL2",
          "ReduceLogSum",
          "ReduceLogSumExp",
          "ReduceMax",
          "ReduceMean",
          "ReduceMin",
          "ReduceProd",
          "ReduceSum",
          "ReduceSumSquare"
        }) {
      for (int keep = 0; keep <= 1; keep++) {
        KeptRow positive = row(type, 18, MAP).through("Exp");
        rows.add(positive.list(1, -1).with("keepdims", keep));
        boolean isInput = type.equals("ReduceSum");
        KeptRow old = row(type, 13, MAP).through("Exp").with("keepdims", keep);
        rows.add(isInput ? old.list(2) : old.with("axes", new int[] {2}));
      }
    }
    return rows.build();
  }

  private static long[] indices(int count, int bound) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = (7L * i * i + 3L * i) % bound;
    }
    return values;
  }

  /** A place in 2 x 3 maps of 8 x 10 for every value. */
  private static long[] unpooled() {
    long[] values = new long[2 * 3 * 4 * 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 20 * 80L + i / 5 % 4 * 20 + i % 5 * 2 + (i % 2) * 10;
    }
    return values;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"kept", "reductions"})
  void anOperatorOnAFeatureMapGivesWhatOnnxRuntimeGives(KeptRow row) throws OrtException {
    assertThat(row.verify()).isNotEmpty();
  }

  static Stream<KeptRow> unknown() {
    return Stream.of(
        row("Compress", 11, MAP).bools(true, false, true).with("axis", 1),
        row("NonZero", 13, MAP),
        row("Unique", 11, MAP).with("axis", 1),
        row("CDist", 17, 5, 3).domain("com.microsoft").weights(4, 3));
  }

  /** An unknown rank must not pass for a scalar. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("unknown")
  void anOutputWhoseShapeNothingSaysIsRefused(KeptRow row) {
    assertThatThrownBy(() -> OnnxImporter.importModel(row.onnx(), "row", Map.of()))
        .hasMessageStartingWith("ONNX_UNSUPPORTED_OP");
  }
}
