package io.sluice.onnx;

import static io.sluice.onnx.OnnxModelBuilder.integer;
import static io.sluice.onnx.OnnxModelBuilder.ints;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.sluice.xir.Graph;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeImportTest {
  private static final int[] SHAPE = {1, 4, 3, 6};

  private static OnnxModelBuilder model(int opset) {
    return new OnnxModelBuilder(opset).input("x", SHAPE).weights("w", 4, 4, 1, 1);
  }

  @Test
  void inverseTransposesLeaveNothing() throws OrtException {
    OnnxModelBuilder model =
        model(13)
            .node("Transpose", List.of("x"), "t", ints("perm", 0, 2, 3, 1))
            .node("Relu", List.of("t"), "r")
            .node("Transpose", List.of("r"), "u", ints("perm", 0, 3, 1, 2))
            .node("Conv", List.of("u", "w"), "y")
            .output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(model, SHAPE)))
        .containsExactly("relu", "conv2d");
  }

  @Test
  void aTransposeThatTheDataFlowNeedsStays() throws OrtException {
    OnnxModelBuilder model =
        model(13)
            .node("Transpose", List.of("x"), "t", ints("perm", 0, 1, 3, 2))
            .node("Add", List.of("t", "t"), "y")
            .output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(model, SHAPE)))
        .containsExactly("add", "transpose");
  }

  @Test
  void channelsToAMatrixRowNeedNoTranspose() throws OrtException {
    OnnxModelBuilder model =
        model(11)
            .weights("fc", 4, 2)
            .longs("to", 0, -1)
            .node("GlobalAveragePool", List.of("x"), "p")
            .node("Reshape", List.of("p", "to"), "r")
            .node("MatMul", List.of("r", "fc"), "y")
            .output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(model, SHAPE)))
        .containsExactly("avgpool2d", "reshape", "matmul");
  }

  @Test
  void aFeatureMapOfOneRowBecomesASequenceWithoutTranspose() throws OrtException {
    OnnxModelBuilder model =
        new OnnxModelBuilder(11)
            .input("x", 1, 4, 1, 7)
            .weights("w", 4, 4, 1, 1)
            .weights("fc", 4, 2)
            .node("Conv", List.of("x", "w"), "c")
            .node("Squeeze", List.of("c"), "s", ints("axes", 2))
            .node("Transpose", List.of("s"), "t", ints("perm", 0, 2, 1))
            .node("MatMul", List.of("t", "fc"), "y")
            .output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(model, 1, 4, 1, 7)))
        .containsExactly("conv2d", "reshape", "matmul");
  }

  @Test
  void reshapeReadsValuesInTheOrderOfOnnx() throws OrtException {
    OnnxModelBuilder model =
        model(13)
            .longs("to", 2, 6, -1)
            .node("Conv", List.of("x", "w"), "c")
            .node("Reshape", List.of("c", "to"), "y")
            .output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(model, SHAPE)))
        .containsExactly("conv2d", "transpose", "reshape");
  }

  @Test
  void flattenSqueezeAndUnsqueezeMatch() throws OrtException {
    for (int axis = 0; axis <= 4; axis++) {
      OnnxRuns.requireSame(
          model(11).node("Flatten", List.of("x"), "y", integer("axis", axis)).output("y"), SHAPE);
    }
    OnnxModelBuilder model =
        new OnnxModelBuilder(13)
            .input("x", 1, 4, 1, 6)
            .weights("w", 4, 4, 1, 1)
            .longs("axes", 2)
            .longs("more", 0, 3)
            .node("Conv", List.of("x", "w"), "c")
            .node("Squeeze", List.of("c", "axes"), "s")
            .node("Relu", List.of("s"), "r")
            .node("Unsqueeze", List.of("r", "more"), "u")
            .node("Squeeze", List.of("u"), "y")
            .output("y");
    OnnxRuns.requireSame(model, 1, 4, 1, 6);
  }

  @Test
  void arithmeticOnShapesIsEvaluated() throws OrtException {
    OnnxModelBuilder model =
        new OnnxModelBuilder(12)
            .input("x", -1, 4, -1, -1)
            .weights("w", 4, 4, 1, 1)
            .longs("zero", 0)
            .longs("one", 1)
            .longs("index", 3)
            .constantNode("four", TensorData.ofInts(Shape.of(1), 4))
            .node("Conv", List.of("x", "w"), "c")
            .node("Shape", List.of("c"), "s")
            .node("Slice", List.of("s", "zero", "one"), "n")
            .node("Gather", List.of("s", "index"), "width")
            .node("Cast", List.of("four"), "channels", integer("to", 7))
            .node("Mul", List.of("channels", "width"), "product")
            .node("Sub", List.of("zero", "one"), "rest")
            .node("Concat", List.of("n", "product", "rest"), "to", integer("axis", 0))
            .node("Reshape", List.of("c", "to"), "y")
            .output("y");
    Graph graph = OnnxRuns.requireSame(model, 2, 4, 3, 6);
    assertThat(OnnxRuns.shape(graph, "y")).isEqualTo(Shape.of(2, 24, 3));
    assertThat(OnnxRuns.types(graph)).containsExactly("conv2d", "transpose", "reshape");
  }

  @Test
  void slicesSplitsAndGathersMatch() throws OrtException {
    OnnxModelBuilder slice =
        model(11)
            .longs("starts", 1, -4)
            .longs("ends", Long.MAX_VALUE, -1)
            .longs("axes", 1, 3)
            .longs("steps", 2, 1)
            .node("Slice", List.of("x", "starts", "ends", "axes", "steps"), "y")
            .output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(slice, SHAPE))).containsExactly("strided_slice");
    OnnxModelBuilder old =
        model(9)
            .node("Slice", List.of("x"), "y", ints("starts", 1), ints("ends", 3), ints("axes", 2))
            .output("y");
    OnnxRuns.requireSame(old, SHAPE);
    OnnxModelBuilder split =
        model(11)
            .node("Split", List.of("x"), List.of("a", "b"), integer("axis", 1), ints("split", 1, 3))
            .output("a")
            .output("b");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(split, SHAPE)))
        .containsExactly("strided_slice", "strided_slice");
    OnnxModelBuilder gather =
        model(11)
            .initializer("one", TensorData.ofLongs(Shape.of(), -1))
            .longs("some", 0, 2)
            .node("Gather", List.of("x", "one"), "g", integer("axis", 3))
            .node("Gather", List.of("g", "some"), "y", integer("axis", 1))
            .output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(gather, SHAPE)))
        .containsExactly("strided_slice", "reshape", "strided_slice", "transpose");
  }

  @Test
  void concatFollowsItsAxis() throws OrtException {
    for (int axis = 0; axis < 4; axis++) {
      OnnxModelBuilder model =
          model(11)
              .weights("k", SHAPE)
              .node("Relu", List.of("x"), "r")
              .node("Concat", List.of("x", "k", "r"), "y", integer("axis", axis))
              .output("y");
      OnnxRuns.requireSame(model, SHAPE);
    }
  }

  @Test
  void matrixProductsOfEveryOrientationMatch() throws OrtException {
    OnnxModelBuilder attention =
        new OnnxModelBuilder(13)
            .input("x", 1, 6, 24)
            .longs("heads", 0, 6, 3, 2, 4)
            .longs("joined", 0, 6, 8)
            .longs("ones", 1, 1, 1)
            .longs("axis", 0)
            .node("Reshape", List.of("x", "heads"), "h")
            .node("Transpose", List.of("h"), "t", ints("perm", 2, 0, 3, 1, 4))
            .node("Split", List.of("t", "ones"), List.of("q5", "k5", "v5"), integer("axis", 0))
            .node("Squeeze", List.of("q5", "axis"), "q")
            .node("Squeeze", List.of("k5", "axis"), "k")
            .node("Squeeze", List.of("v5", "axis"), "v")
            .node("Transpose", List.of("k"), "kt", ints("perm", 0, 1, 3, 2))
            .node("MatMul", List.of("q", "kt"), "s")
            .node("Softmax", List.of("s"), "p", integer("axis", 3))
            .node("MatMul", List.of("p", "v"), "o")
            .node("Transpose", List.of("o"), "ot", ints("perm", 0, 2, 1, 3))
            .node("Reshape", List.of("ot", "joined"), "y")
            .output("y");
    OnnxRuns.requireSame(attention, 1, 6, 24);
    for (int t = 0; t < 4; t++) {
      boolean transA = (t & 1) != 0;
      boolean transB = (t & 2) != 0;
      OnnxModelBuilder gemm =
          new OnnxModelBuilder(11)
              .input("x", transA ? 5 : 3, transA ? 3 : 5)
              .weights("w", transB ? 2 : 5, transB ? 5 : 2)
              .weights("b", 2)
              .node(
                  "Gemm",
                  List.of("x", "w", "b"),
                  "y",
                  integer("transA", t & 1),
                  integer("transB", t >> 1),
                  OnnxModelBuilder.real("alpha", 0.5f),
                  OnnxModelBuilder.real("beta", 2f))
              .output("y");
      OnnxRuns.requireSame(gemm, transA ? 5 : 3, transA ? 3 : 5);
    }
    OnnxModelBuilder turned =
        new OnnxModelBuilder(13)
            .input("x", 2, 5, 3)
            .weights("w", 5, 4)
            .weights("b", 4)
            .node("Transpose", List.of("x"), "t", ints("perm", 0, 2, 1))
            .node("MatMul", List.of("t", "w"), "m")
            .node("Add", List.of("b", "m"), "y")
            .output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(turned, 2, 5, 3))).containsExactly("matmul");
  }

  @Test
  void reductionsFollowTheirAxes() throws OrtException {
    for (String type : List.of("ReduceMean", "ReduceMax", "ReduceSum", "ReduceProd")) {
      for (int keep = 0; keep < 2; keep++) {
        OnnxModelBuilder model =
            model(11)
                .node("Conv", List.of("x", "w"), "c")
                .node(type, List.of("c"), "r", ints("axes", 1, -1), integer("keepdims", keep))
                .node("Relu", List.of("r"), "y")
                .output("y");
        OnnxRuns.requireSame(model, SHAPE);
      }
    }
  }

  @Test
  void layerNormSpelledOutMatches() throws OrtException {
    OnnxModelBuilder model =
        new OnnxModelBuilder(12)
            .input("x", 1, 6, 1, 5)
            .weights("w", 6, 6, 1, 1)
            .weights("gamma", 6)
            .weights("beta", 6)
            .scalar("two", 2f)
            .scalar("eps", 1e-5f)
            .longs("flat", 0, 6, 5)
            .node("Conv", List.of("x", "w"), "c")
            .node("Reshape", List.of("c", "flat"), "f")
            .node("Transpose", List.of("f"), "t", ints("perm", 0, 2, 1))
            .node("ReduceMean", List.of("t"), "mean", ints("axes", -1))
            .node("Sub", List.of("t", "mean"), "d")
            .node("Pow", List.of("d", "two"), "s")
            .node("ReduceMean", List.of("s"), "var", ints("axes", -1))
            .node("Add", List.of("var", "eps"), "v")
            .node("Sqrt", List.of("v"), "root")
            .node("Div", List.of("d", "root"), "n")
            .node("Mul", List.of("n", "gamma"), "g")
            .node("Add", List.of("g", "beta"), "y")
            .output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(model, 1, 6, 1, 5))).doesNotContain("transpose");
  }

  @Test
  void whatNoOutputNeedsIsDropped() throws OrtException {
    OnnxModelBuilder model =
        model(11)
            .node("Conv", List.of("x", "w"), "unused")
            .node("Relu", List.of("x"), "y")
            .output("y");
    Graph graph = OnnxRuns.requireSame(model, SHAPE);
    assertThat(graph.ops()).hasSize(2);
  }

  @Test
  void outputsHaveTheNamesOfTheModelAndItsOrder() throws OrtException {
    OnnxModelBuilder model =
        model(11)
            .node("Conv", List.of("x", "w"), "c")
            .node("Identity", List.of("c"), "last")
            .node("Relu", List.of("c"), "r")
            .node("Transpose", List.of("r"), "turned", ints("perm", 0, 1, 3, 2))
            .output("turned")
            .output("last");
    Graph graph = OnnxRuns.requireSame(model, SHAPE);
    assertThat(OnnxRuns.outputs(graph))
        .extracting(op -> op.output().name())
        .containsExactly("turned", "last");
  }
}
