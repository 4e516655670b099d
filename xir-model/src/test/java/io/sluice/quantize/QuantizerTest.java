package io.sluice.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.onnx.OnnxExporter;
import io.sluice.onnx.QdqExporter;
import io.sluice.xir.Attrs;
import io.sluice.xir.FixPoint;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.RoundMode;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QuantizerTest {
  private static final Shape IMAGE = Shape.of(1, 4, 4, 2);
  private static final Attrs PAIR =
      Attrs.EMPTY
          .with("kernel", new int[] {2, 2})
          .with("stride", new int[] {2, 2})
          .with("pad", new int[] {0, 0, 0, 0})
          .with("pad_mode", "FLOOR");

  private final Graph graph = new Graph("test");
  private final Op input =
      graph.add(
          "in", "data", Attrs.EMPTY.with("shape", IMAGE.toArray()).with("data_type", "FLOAT32"));

  /** A 1x1 convolution that keeps the channels apart. */
  private Op convolution(String name, Op from, float weight, float bias) {
    Op w =
        graph.addConst(
            name + "_w", TensorData.ofFloats(Shape.of(2, 1, 1, 2), weight, 0, 0, weight));
    Op b = graph.addConst(name + "_b", TensorData.ofFloats(Shape.of(2), bias, -bias));
    Attrs attrs = PAIR.with("kernel", new int[] {1, 1}).with("stride", new int[] {1, 1});
    return graph.add(
        name,
        "conv2d",
        attrs,
        Map.of("input", List.of(from), "weights", List.of(w), "bias", List.of(b)));
  }

  private Samples samples(int count, float scale) {
    Random random = new Random(5);
    float[] values = new float[count * IMAGE.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = scale * (2 * random.nextFloat() - 1);
    }
    return samples(TensorData.ofFloats(IMAGE.withDim(0, count), values));
  }

  private Samples samples(TensorData data) {
    return Samples.of(graph.inputs(), Map.of("in", data));
  }

  private QuantizedModel quantize() {
    return Quantizer.quantize(graph, samples(3, 1), QuantizeConfig.standard());
  }

  private static int position(QuantizedModel model, String tensor) {
    return model.positions().get(tensor);
  }

  @Test
  void anActivationIsTakenBeforeTheRoundingOfItsConvolution() {
    graph.add("act", "relu", Attrs.EMPTY, convolution("conv", input, 1, 0.1f));
    QuantizedModel model = quantize();
    assertThat(model.positions()).containsOnlyKeys("in", "conv_w", "conv_b", "act");
    assertThat(model.graph().op("act").input().name()).isEqualTo("conv");
    assertThat(model.graph().op("act_fix").input().name()).isEqualTo("act");
    assertThat(model.graph().op("act_fix").attrs().asMap())
        .isEqualTo(
            Attrs.EMPTY
                .with("fix_point", position(model, "act"))
                .with("bit_width", 8)
                .with("round_mode", "DPU_ROUND")
                .with("if_signed", true)
                .asMap());
    assertThat(model.graph().op("conv").input("weights").name()).isEqualTo("conv_w_fix");
  }

  @Test
  void poolsMovesAndConcatsShareTheLeastPosition() {
    Op small = convolution("small", input, 0.1f, 0);
    Op large = convolution("large", input, 8, 0);
    Op pooled = graph.add("pool", "maxpool2d", PAIR, small);
    Op averaged = graph.add("mean", "avgpool2d", PAIR, large);
    Op both = graph.add("both", "concat", Attrs.EMPTY.with("axis", 3), pooled, averaged);
    convolution4(both);
    QuantizedModel model = quantize();
    int least = position(model, "large");
    for (String tensor : List.of("small", "pool", "mean", "both")) {
      assertThat(position(model, tensor)).isEqualTo(least);
    }
  }

  private void convolution4(Op from) {
    Op w = graph.addConst("last_w", TensorData.ofFloats(Shape.of(1, 1, 1, 4), 1, 1, 1, 1));
    Attrs attrs = PAIR.with("kernel", new int[] {1, 1});
    graph.add("last", "conv2d", attrs, Map.of("input", List.of(from), "weights", List.of(w)));
  }

  @Test
  void aHardSigmoidReadsZeroToFifteenAndGivesSeven() {
    Op wide = convolution("wide", input, 600, 0);
    graph.add("gate", "hard-sigmoid", Attrs.EMPTY, wide);
    graph.add("other", "softmax", Attrs.EMPTY.with("axis", 3), wide);
    QuantizedModel model = quantize();
    assertThat(position(model, "wide")).isZero();
    assertThat(position(model, "gate")).isEqualTo(7);
    assertThat(model.warnings()).anyMatch(w -> w.contains("'wide' moved from -"));
  }

  @Test
  void whatOnlyAHardSigmoidReadsMaySaturateWhereThatIsConstant() {
    graph.add("gate", "hard-sigmoid", Attrs.EMPTY, convolution("wide", input, 20, 0));
    int position = position(quantize(), "wide");
    assertThat(FixPoint.dequantize(127, position)).isBetween(3f, 6f);
  }

  @Property(tries = 150)
  void theShiftsOfEveryConvolutionAreThoseThatADpuHas(
      @ForAll @IntRange(min = -14, max = 14) int weight,
      @ForAll @IntRange(min = -14, max = 14) int bias,
      @ForAll @IntRange(min = -6, max = 6) int scale) {
    QuantizerTest one = new QuantizerTest();
    Op first =
        one.convolution(
            "a", one.input, (float) Math.scalb(1.1, weight), (float) Math.scalb(1, bias));
    Op sum = one.graph.add("sum", "add", Attrs.EMPTY, first, one.input);
    Op second = one.convolution("b", sum, 3, 1e-4f);
    one.graph.add("act", "leaky-relu", Attrs.EMPTY.with("alpha", 0.1f), second);
    QuantizedModel model =
        Quantizer.quantize(
            one.graph, one.samples(2, (float) Math.scalb(1, scale)), QuantizeConfig.standard());
    checkConvolution(model, "in", "a", "a", 16);
    checkConvolution(model, "sum", "b", "act", 0);
    int a = position(model, "a");
    int b = position(model, "in");
    assertThat(Math.abs(a - b)).isLessThanOrEqualTo(15);
    assertThat(Math.min(a, b) - position(model, "sum")).isBetween(-15, 15);
    assertThat(model.graph().op("act").attrs().getFloat("alpha")).isEqualTo(26f / 256);
  }

  private static void checkConvolution(
      QuantizedModel model, String in, String name, String out, int belowZero) {
    int accumulator = position(model, in) + position(model, name + "_w");
    int cut = accumulator - position(model, out);
    assertThat(cut).isBetween(0, 16);
    int least = belowZero == 0 ? 0 : Math.min(0, cut - 16);
    assertThat(accumulator - position(model, name + "_b")).isBetween(least, 16);
  }

  @Test
  void floatOpsReadTheRoundedTensorAndStayFloat() {
    Op conv = convolution("conv", input, 1, 0);
    Op soft = graph.add("soft", "softmax", Attrs.EMPTY.with("axis", 3), conv);
    convolution("next", soft, 1, 0);
    QuantizedModel model = quantize();
    assertThat(model.graph().op("soft").input().name()).isEqualTo("conv_fix");
    assertThat(model.graph().op("next").input().name()).isEqualTo("soft_fix");
  }

  private Op scaledAndShifted() {
    Op act = graph.add("act", "hard-swish", Attrs.EMPTY, convolution("conv", input, 1, 0));
    Op factor = graph.addConst("factor", TensorData.ofFloats(Shape.of(1), 3));
    Op term = graph.addConst("term", TensorData.ofFloats(Shape.of(2), 1, -1));
    Op scaled = graph.add("scaled", "mul", Attrs.EMPTY, act, factor);
    return graph.add("shifted", "add", Attrs.EMPTY, scaled, term);
  }

  @Test
  void aScaleAndAShiftGoIntoTheConvolutionThatReadsThem() {
    convolution("next", scaledAndShifted(), 5, 0.5f);
    Op next = Quantizer.prepare(graph).op("next");
    assertThat(next.input().name()).isEqualTo("act");
    assertThat(next.input("weights").constData().toFloats()).containsExactly(15, 0, 0, 15);
    assertThat(next.input("bias").constData().toFloats()).containsExactly(5.5f, -5.5f);
  }

  @Test
  void aScaleAndAShiftBeforeAPaddedConvolutionBecomeADepthwiseOne() {
    Op shifted = scaledAndShifted();
    Op w = graph.addConst("padded_w", TensorData.ofFloats(Shape.of(1, 2, 2, 2), new float[8]));
    graph.add(
        "padded",
        "conv2d",
        PAIR.with("pad", new int[] {1, 1, 1, 1}),
        Map.of("input", List.of(shifted), "weights", List.of(w)));
    Op dw = Quantizer.prepare(graph).op("shifted");
    assertThat(dw.type()).isEqualTo("depthwise-conv2d");
    assertThat(dw.input("weights").constData().toFloats()).containsExactly(3, 3);
    assertThat(dw.input("bias").constData().toFloats()).containsExactly(1, -1);
    assertThat(dw.input().name()).isEqualTo("act");
  }

  @Test
  void theExportRoundsAsTheFixSaysAndQdqWithinOneStep() throws Exception {
    for (RoundMode round : RoundMode.values()) {
      Graph g = new Graph("fix");
      Attrs data = Attrs.EMPTY.with("shape", new int[] {14}).with("data_type", "FLOAT32");
      Attrs fix =
          Attrs.EMPTY
              .with("fix_point", 1)
              .with("bit_width", 8)
              .with("round_mode", round.name())
              .with("if_signed", true);
      g.add("y", "fix", fix, g.add("x", "data", data));
      float[] x = {
        0.25f,
        -0.25f,
        0.75f,
        -0.75f,
        1.25f,
        Math.nextDown(0.25f),
        Math.nextUp(-0.25f),
        Math.nextDown(-0.25f),
        -1e-30f,
        1e-30f,
        500,
        -500,
        63.75f,
        0
      };
      Map<String, TensorData> fed = Map.of("x", TensorData.ofFloats(Shape.of(14), x));
      float[] wanted = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        wanted[i] = FixPoint.dequantize(FixPoint.quantize(x[i], 1, 8, round), 1);
      }
      try (OrtRun simulated = OrtRun.of(g, OnnxExporter::export);
          OrtRun qdq = OrtRun.of(g, QdqExporter::export);
          OrtRun unsigned = OrtRun.of(g, QdqExporter::exportU8s8)) {
        float[] given = simulated.run(fed);
        float[] standard = qdq.run(fed);
        assertThat(unsigned.run(fed)).as("unsigned, %s", round).isEqualTo(standard);
        for (int i = 0; i < x.length; i++) {
          assertThat(given[i]).as("%s of %s", round, x[i]).isEqualTo(wanted[i] + 0f);
          assertThat(Math.abs(standard[i] - wanted[i])).isLessThanOrEqualTo(0.5f);
        }
      }
    }
  }

  @Test
  void badCalibrationDataIsNamed() {
    convolution("conv", input, 1, 0);
    float[] values = new float[2 * IMAGE.elements()];
    Arrays.fill(values, 1);
    values[40] = Float.NaN;
    assertThatThrownBy(
            () ->
                Quantizer.quantize(
                    graph,
                    samples(TensorData.ofFloats(IMAGE.withDim(0, 2), values)),
                    QuantizeConfig.standard()))
        .hasMessageStartingWith("QUANTIZER_TF2_INVALID_CALIB_DATASET: value NaN at element 8")
        .hasMessageContaining("input 'in'")
        .hasMessageContaining("sample 1");
    assertThatThrownBy(() -> samples(TensorData.ofFloats(Shape.of(0, 4, 4, 2))))
        .hasMessageStartingWith("QUANTIZER_TORCH_NO_CALIBRATION");
    assertThatThrownBy(() -> samples(TensorData.ofFloats(Shape.of(1, 4, 4, 3), new float[48])))
        .hasMessageStartingWith("QUANTIZER_TORCH_SHAPE_MISMATCH")
        .hasMessageContaining("[1, 4, 4, 3]");
    assertThatThrownBy(() -> Samples.of(graph.inputs(), Map.of()))
        .hasMessageContaining("no data for input 'in'");
  }

  @Test
  void constantAndZeroDataAreQuantizedWithAWarning() {
    convolution("conv", input, 1, 0);
    float[] values = new float[IMAGE.elements()];
    for (float value : new float[] {0, 0.5f}) {
      Arrays.fill(values, value);
      QuantizedModel model =
          Quantizer.quantize(
              graph, samples(TensorData.ofFloats(IMAGE, values)), QuantizeConfig.standard());
      assertThat(model.warnings()).anyMatch(w -> w.startsWith("tensor 'in' is "));
    }
  }

  @Test
  void dataMayBeChannelFirst() {
    float[] values = new float[IMAGE.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Samples turned = samples(TensorData.ofFloats(Shape.of(1, 2, 4, 4), values));
    assertThat(turned.sample(0).get("in").toFloats()).startsWith(0, 16, 1, 17);
  }
}
