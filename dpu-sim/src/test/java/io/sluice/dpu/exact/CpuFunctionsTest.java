package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.onnx.OnnxExporter;
import io.sluice.ort.OrtModel;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.RoundMode;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is claimed of float ops between two fix positions is what ONNX Runtime computes. */
class CpuFunctionsTest {
  private static final int VALUES = 256;

  private static Op input(Graph graph, Shape shape) {
    return graph.add(
        "x", "data", Attrs.EMPTY.with("shape", shape.toArray()).with("data_type", "FLOAT32"));
  }

  private static TensorData computed(Graph graph, TensorData x) {
    Op in = graph.op("x");
    Op out = graph.op("y");
    byte[] onnx = OnnxExporter.export(graph, List.of(in), List.of(out));
    try (OrtModel model =
        new OrtModel(onnx, List.of(in.output()), List.of(out.output()), "test", 1)) {
      return model.run(Map.of("x", x)).get("y");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hard-sigmoid", "sigmoid", "tanh"})
  void aTableIsWhatTheFloatOpGivesInEveryPlace(String type) {
    // 257 places for 256 values: each comes to every lane of a vector
    Shape shape = Shape.of(1, (VALUES + 1) * 16 + 3);
    int taken = 0;
    for (int from = -2; from <= 8; from++) {
      for (int to = 4; to <= 8; to++) {
        Graph graph = new Graph("table");
        Op y = graph.add("y", type, Attrs.EMPTY, input(graph, shape));
        byte[] table;
        try {
          table = FloatTable.of(y, from, to);
        } catch (CpuFunctions.NotAFunction e) {
          continue;
        }
        taken++;
        float[] x = new float[shape.elements()];
        byte[] expected = new byte[x.length];
        for (int i = 0; i < x.length; i++) {
          int q = Math.min(VALUES - 1, i % (VALUES + 1));
          x[i] = Math.scalb((float) (q + Byte.MIN_VALUE), -from);
          expected[i] = table[q];
        }
        TensorData actual = computed(graph, TensorData.ofFloats(shape, x));
        assertThat(FixBorder.toFix(actual, to, DataType.XINT8, RoundMode.DPU_ROUND).array())
            .as("%s from %d to %d", type, from, to)
            .isEqualTo(expected);
      }
    }
    assertThat(taken).isPositive();
  }

  @Test
  void aTableWithAValueNextToABoundaryIsRefused() {
    Graph graph = new Graph("table");
    Op y = graph.add("y", "hard-sigmoid", Attrs.EMPTY, input(graph, Shape.of(1, 4)));
    // 0 / 6 + 1/2 at position 0 is a tie
    assertThatThrownBy(() -> FloatTable.of(y, 5, 0))
        .isInstanceOf(CpuFunctions.NotAFunction.class)
        .hasMessageContaining("next to a boundary");
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, 0, 1, 3})
  void aMeanIsOneDivisionOfTheSum(int shift) {
    for (int side : new int[] {1, 3, 7, 13, 20}) {
      Shape shape = Shape.of(1, side, side, 24);
      MeanKernel kernel = new MeanKernel(shape, shift);
      MeanLowering lowering = new MeanLowering(new BlockedEverywhere());
      assertThat(lowering.refusal(kernel, List.of(ValueRange.INT8))).isNull();
      byte[] values = new byte[shape.elements()];
      new java.util.Random(side).nextBytes(values);
      TensorData q = TensorData.wrap(DataType.XINT8, shape, values);
      int from = 3;
      Graph graph = new Graph("mean");
      Attrs window =
          Attrs.EMPTY
              .with("kernel", new int[] {side, side})
              .with("stride", new int[] {1, 1})
              .with("pad_mode", "FLOOR")
              .with("global", true);
      graph.add("y", "avgpool2d", window, input(graph, shape));
      TensorData mean = computed(graph, FixBorder.toFloat(q, from));
      assertThat(FixBorder.toFix(mean, from - shift, DataType.XINT8, RoundMode.DPU_ROUND))
          .isEqualTo(kernel.run(List.of(q)));
    }
  }

  @Test
  void aMeanOfMoreThanAFloatCountsIsRefused() {
    MeanKernel kernel = new MeanKernel(Shape.of(1, 513, 256, 1), 0);
    assertThat(new MeanLowering(new FloatArithmetic()).refusal(kernel, List.of(ValueRange.INT8)))
        .isEqualTo("131328 pixels");
  }

  @Test
  void aMeanThatIsRoundedTwiceIsSeen() {
    MeanLowering halved =
        new MeanLowering(
            new FloatArithmetic() {
              @Override
              String scale(FloatGraph g, String v, int exponent) {
                return exponent > 0 ? super.scale(g, v, exponent) : g.multiply(v, 0.4999);
              }
            });
    MeanKernel kernel = new MeanKernel(Shape.of(1, 7, 7, 8), 0);
    assertThat(halved.refusal(kernel, List.of(ValueRange.INT8))).contains("not one division");
  }
}
