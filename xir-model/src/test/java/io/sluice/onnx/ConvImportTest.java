package io.sluice.onnx;

import static io.sluice.onnx.OnnxModelBuilder.integer;
import static io.sluice.onnx.OnnxModelBuilder.ints;
import static io.sluice.onnx.OnnxModelBuilder.real;
import static io.sluice.onnx.OnnxModelBuilder.string;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.sluice.onnx.proto.AttributeProto;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConvImportTest {
  private static OnnxModelBuilder conv(int opset, String type, int[] w, AttributeProto... attrs) {
    return new OnnxModelBuilder(opset)
        .input("x", -1, -1, -1, -1)
        .weights("w", w)
        .weights("b", Math.max(w[0], 4))
        .node(type, List.of("x", "w"), "y", attrs)
        .output("y");
  }

  @Test
  void keepsStridePadAndDilationPerAxis() throws OrtException {
    Graph graph =
        OnnxRuns.requireSame(
            conv(
                11,
                "Conv",
                new int[] {5, 3, 3, 2},
                ints("pads", 2, 0, 1, 1),
                ints("strides", 2, 1),
                ints("dilations", 1, 2)),
            1,
            3,
            9,
            8);
    Op y = graph.op("y");
    assertThat(y.attrs().getInts("kernel")).containsExactly(2, 3);
    assertThat(y.attrs().getInts("stride")).containsExactly(1, 2);
    assertThat(y.attrs().getInts("pad")).containsExactly(0, 1, 2, 1);
    assertThat(y.output().shape()).isEqualTo(Shape.of(1, 5, 7, 5));
    assertThat(y.input("weights").output().shape()).isEqualTo(Shape.of(5, 3, 2, 3));
  }

  @Test
  void groupedConvolutionsKeepTheirGroup() throws OrtException {
    Graph graph =
        OnnxRuns.requireSame(
            conv(11, "Conv", new int[] {6, 2, 3, 3}, integer("group", 2)), 2, 4, 6, 6);
    assertThat(graph.op("y").type()).isEqualTo("conv2d");
    assertThat(graph.op("y").attrs().getInt("group")).isEqualTo(2);
  }

  @Test
  void oneFilterPerChannelIsDepthwise() throws OrtException {
    Graph graph =
        OnnxRuns.requireSame(
            conv(9, "Conv", new int[] {4, 1, 3, 3}, integer("group", 4)), 1, 4, 6, 7);
    assertThat(graph.op("y").type()).isEqualTo("depthwise-conv2d");
    assertThat(graph.op("y").input("weights").output().shape()).isEqualTo(Shape.of(1, 3, 3, 4));
  }

  @Test
  void severalFiltersPerChannelStayGrouped() throws OrtException {
    Graph graph =
        OnnxRuns.requireSame(
            conv(11, "Conv", new int[] {8, 1, 3, 3}, integer("group", 4)), 1, 4, 6, 7);
    assertThat(graph.op("y").type()).isEqualTo("conv2d");
  }

  @Test
  void automaticPadsAreWorkedOut() throws OrtException {
    for (String mode : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
      OnnxRuns.requireSame(
          conv(11, "Conv", new int[] {2, 3, 4, 3}, string("auto_pad", mode), ints("strides", 2, 2)),
          1,
          3,
          9,
          8);
    }
  }

  @Test
  void transposedConvolutionsMatchForEveryPadAndOutputPadding() throws OrtException {
    for (int pad = 0; pad < 3; pad++) {
      for (int extra = 0; extra <= Math.min(1, pad); extra++) {
        Graph graph =
            OnnxRuns.requireSame(
                conv(
                    11,
                    "ConvTranspose",
                    new int[] {3, 5, 3, 4},
                    ints("strides", 2, 3),
                    ints("pads", pad, pad, pad, 1),
                    ints("output_padding", extra, extra)),
                1,
                3,
                5,
                4);
        assertThat(graph.op("y").type()).isEqualTo("transposed-conv2d");
        assertThat(graph.op("y").attrs().getInts("pad"))
            .containsExactly(pad, 1 - extra, pad, pad - extra);
      }
    }
  }

  @Test
  void transposedConvolutionsOfDilatedAndDepthwiseKernelsMatch() throws OrtException {
    OnnxRuns.requireSame(
        conv(11, "ConvTranspose", new int[] {3, 2, 3, 3}, ints("dilations", 2, 1)), 1, 3, 5, 4);
    Graph graph =
        OnnxRuns.requireSame(
            conv(
                11,
                "ConvTranspose",
                new int[] {4, 1, 2, 2},
                ints("strides", 2, 2),
                integer("group", 4)),
            1,
            4,
            5,
            4);
    assertThat(graph.op("y").type()).isEqualTo("transposed-depthwise-conv2d");
  }

  @Test
  void batchNormAndFactorsAfterAPaddedConvolutionAreFoldedIntoIt() throws OrtException {
    for (String type : List.of("Conv", "ConvTranspose")) {
      OnnxModelBuilder model =
          new OnnxModelBuilder(11)
              .input("x", 1, 4, 6, 6)
              .weights("w", 4, 4, 3, 3)
              .weights("gamma", 4)
              .weights("beta", 4)
              .weights("mean", 4)
              .floats("var", 0.5f, 1f, 2f, 3f)
              .floats("scale", 1.5f)
              .weights("shift", 1, 4, 1, 1)
              .node(type, List.of("x", "w"), "c", ints("pads", 1, 1, 1, 1))
              .node(
                  "BatchNormalization",
                  List.of("c", "gamma", "beta", "mean", "var"),
                  "n",
                  real("epsilon", 1e-3f))
              .node("Mul", List.of("scale", "n"), "m")
              .node("Sub", List.of("m", "shift"), "y")
              .output("y");
      Graph graph = OnnxRuns.requireSame(model, 1, 4, 6, 6);
      assertThat(OnnxRuns.types(graph)).hasSize(1);
      assertThat(graph.op("y").inputs("bias")).hasSize(1);
    }
  }

  @Test
  void whatComesBeforeAPaddedConvolutionIsNotFolded() throws OrtException {
    OnnxModelBuilder model =
        new OnnxModelBuilder(11)
            .input("x", 1, 2, 5, 5)
            .weights("shift", 1, 2, 1, 1)
            .weights("w", 3, 2, 3, 3)
            .node("Add", List.of("x", "shift"), "a")
            .node("Conv", List.of("a", "w"), "y", ints("pads", 1, 1, 1, 1))
            .output("y");
    Graph graph = OnnxRuns.requireSame(model, 1, 2, 5, 5);
    assertThat(OnnxRuns.types(graph)).containsExactly("add", "conv2d");
  }

  @Test
  void aConvolutionThatIsReadTwiceKeepsItsValue() throws OrtException {
    OnnxModelBuilder model =
        new OnnxModelBuilder(11)
            .input("x", 1, 2, 5, 5)
            .floats("scale", 3f)
            .weights("w", 3, 2, 3, 3)
            .node("Conv", List.of("x", "w"), "c")
            .node("Mul", List.of("c", "scale"), "m")
            .node("Add", List.of("c", "m"), "y")
            .output("y")
            .output("c");
    Graph graph = OnnxRuns.requireSame(model, 1, 2, 5, 5);
    assertThat(OnnxRuns.types(graph)).containsExactly("conv2d", "mul", "add");
  }

  @Test
  void batchNormWithoutConvolutionStays() throws OrtException {
    for (int[] shape : new int[][] {{2, 3, 4, 5}, {2, 3}, {2, 3, 7}}) {
      OnnxModelBuilder model =
          new OnnxModelBuilder(9)
              .input("x", shape)
              .weights("gamma", 3)
              .weights("beta", 3)
              .weights("mean", 3)
              .floats("var", 0.5f, 1f, 2f)
              .node("BatchNormalization", List.of("x", "gamma", "beta", "mean", "var"), "y")
              .output("y");
      assertThat(OnnxRuns.types(OnnxRuns.requireSame(model, shape))).containsExactly("batchnorm");
    }
  }

  @Test
  void poolsMatch() throws OrtException {
    for (String type : List.of("MaxPool", "AveragePool")) {
      for (int ceil = 0; ceil < 2; ceil++) {
        OnnxModelBuilder model =
            new OnnxModelBuilder(11)
                .input("x", 1, 3, 8, 9)
                .node(
                    type,
                    List.of("x"),
                    "y",
                    ints("kernel_shape", 3, 2),
                    ints("strides", 2, 2),
                    ints("pads", 1, 0, 1, 1),
                    integer("ceil_mode", ceil))
                .output("y");
        OnnxRuns.requireSame(model, 1, 3, 8, 9);
      }
      OnnxModelBuilder global =
          new OnnxModelBuilder(11)
              .input("x", 1, 3, 8, 9)
              .node("Global" + type, List.of("x"), "y")
              .output("y");
      Graph graph = OnnxRuns.requireSame(global, 1, 3, 8, 9);
      assertThat(OnnxRuns.shape(graph, "y")).isEqualTo(Shape.of(1, 1, 1, 3));
    }
    OnnxModelBuilder counted =
        new OnnxModelBuilder(11)
            .input("x", 1, 3, 8, 9)
            .node(
                "AveragePool",
                List.of("x"),
                "y",
                ints("kernel_shape", 3, 3),
                ints("pads", 1, 1, 1, 1),
                integer("count_include_pad", 1))
            .output("y");
    OnnxRuns.requireSame(counted, 1, 3, 8, 9);
  }

  @Test
  void resizeTakesEveryRuleThatPicksTheSameNeighbours() throws OrtException {
    for (String[] rule :
        new String[][] {
          {"asymmetric", "floor"},
          {"half_pixel", "round_prefer_floor"},
          {"half_pixel", "round_prefer_ceil"},
          {"pytorch_half_pixel", "round_prefer_floor"}
        }) {
      OnnxModelBuilder model =
          new OnnxModelBuilder(13)
              .input("x", 1, 3, 4, 5)
              .floats("roi")
              .floats("scales", 1, 1, 2, 4)
              .node(
                  "Resize",
                  List.of("x", "roi", "scales"),
                  "y",
                  string("mode", "nearest"),
                  string("coordinate_transformation_mode", rule[0]),
                  string("nearest_mode", rule[1]))
              .output("y");
      Graph graph = OnnxRuns.requireSame(model, 1, 3, 4, 5);
      assertThat(OnnxRuns.shape(graph, "y")).isEqualTo(Shape.of(1, 8, 20, 3));
    }
  }

  @Test
  void resizeToASizeAndLinearResizeMatch() throws OrtException {
    for (String coordinates : List.of("asymmetric", "half_pixel", "align_corners")) {
      OnnxModelBuilder model =
          new OnnxModelBuilder(11)
              .input("x", 1, 2, 5, 6)
              .floats("none")
              .longs("sizes", 1, 2, 7, 11)
              .node(
                  "Resize",
                  List.of("x", "none", "none", "sizes"),
                  "y",
                  string("mode", "linear"),
                  string("coordinate_transformation_mode", coordinates))
              .output("y");
      OnnxRuns.requireSame(model, 1, 2, 5, 6);
    }
    OnnxModelBuilder upsample =
        new OnnxModelBuilder(9)
            .input("x", 1, 2, 5, 6)
            .floats("scales", 1, 1, 3, 2)
            .node("Upsample", List.of("x", "scales"), "y", string("mode", "nearest"))
            .output("y");
    OnnxRuns.requireSame(upsample, 1, 2, 5, 6);
  }

  @Test
  void padAppliesToTheRightAxes() throws OrtException {
    OnnxModelBuilder model =
        new OnnxModelBuilder(11)
            .input("x", 1, 2, 5, 6)
            .longs("pads", 0, 1, 2, 3, 0, 0, 1, 0)
            .initializer("value", TensorData.ofFloats(Shape.of(), 1.5f))
            .node("Pad", List.of("x", "pads", "value"), "y")
            .output("y");
    OnnxRuns.requireSame(model, 1, 2, 5, 6);
    OnnxModelBuilder reflected =
        new OnnxModelBuilder(9)
            .input("x", 1, 2, 5, 6)
            .node(
                "Pad",
                List.of("x"),
                "y",
                ints("pads", 0, 0, 2, 1, 0, 0, 1, 2),
                string("mode", "reflect"))
            .output("y");
    OnnxRuns.requireSame(reflected, 1, 2, 5, 6);
  }
}
