package io.sluice.onnx;

import static io.sluice.onnx.OnnxModelBuilder.integer;
import static io.sluice.onnx.OnnxModelBuilder.real;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.sluice.xir.Graph;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElementwiseImportTest {
  private static final int[] SHAPE = {1, 4, 3, 5};

  private static OnnxModelBuilder model(int opset) {
    return new OnnxModelBuilder(opset)
        .input("x", SHAPE)
        .scalar("zero", 0f)
        .scalar("one", 1f)
        .scalar("two", 2f)
        .scalar("three", 3f)
        .scalar("six", 6f)
        .scalar("sixth", 1f / 6f);
  }

  private static List<String> order(String a, String b, boolean swapped) {
    return swapped ? List.of(b, a) : List.of(a, b);
  }

  /** x * relu6(x + 3) / 6 with the operands in every order and the division in every place. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
  void hardSwishIsRecognisedHoweverItIsSpelledOut(int form) throws OrtException {
    boolean early = (form & 4) != 0;
    boolean product = (form & 8) != 0;
    OnnxModelBuilder model =
        model(11)
            .node("Add", order("x", "three", (form & 1) != 0), "a")
            .node("Clip", List.of("a", "zero", "six"), "c");
    String divided = early ? "d" : "y";
    String dividend = early ? "c" : "m";
    if (!early) {
      model.node("Mul", order("x", "c", (form & 2) != 0), "m");
    }
    if (product) {
      model.node("Mul", order(dividend, "sixth", (form & 1) != 0), divided);
    } else {
      model.node("Div", List.of(dividend, "six"), divided);
    }
    if (early) {
      model.node("Mul", order("x", "d", (form & 2) != 0), "y");
    }
    Graph graph = OnnxRuns.requireSame(model.output("y"), SHAPE);
    assertThat(OnnxRuns.types(graph)).containsExactly("hard-swish");
    assertThat(graph.op("y").output().name()).isEqualTo("y");
  }

  @Test
  void otherConstantsAreNoHardSwish() throws OrtException {
    OnnxModelBuilder model =
        model(11)
            .node("Add", List.of("x", "two"), "a")
            .node("Clip", List.of("a", "zero", "six"), "c")
            .node("Mul", List.of("x", "c"), "m")
            .node("Div", List.of("m", "six"), "y")
            .output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(model, SHAPE)))
        .containsExactly("add", "relu6", "mul", "div");
  }

  @Test
  void hardSwishOfAnotherTensorThanItsGateIsNotRecognised() throws OrtException {
    OnnxModelBuilder model =
        model(11)
            .node("Add", List.of("x", "three"), "a")
            .node("Clip", List.of("a", "zero", "six"), "c")
            .node("Neg", List.of("x"), "n")
            .node("Mul", List.of("n", "c"), "m")
            .node("Div", List.of("m", "six"), "y")
            .output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(model, SHAPE))).doesNotContain("hard-swish");
  }

  @Test
  void hardSwishAsOneNodeAndHardSigmoidSpelledOut() throws OrtException {
    OnnxModelBuilder swish = model(14).node("HardSwish", List.of("x"), "y").output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(swish, SHAPE))).containsExactly("hard-swish");
    OnnxModelBuilder sigmoid =
        model(11)
            .node("Add", List.of("x", "three"), "a")
            .node("Clip", List.of("a", "zero", "six"), "c")
            .node("Div", List.of("c", "six"), "y")
            .output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(sigmoid, SHAPE)))
        .containsExactly("hard-sigmoid");
  }

  @ParameterizedTest
  @CsvSource({
    "0.16666667, 0.5, hard-sigmoid",
    "0.1666667, 0.5, mul hard-sigmoid",
    "0.2, 0.5, mul hard-sigmoid",
    "0.16666667, 0.25, add hard-sigmoid",
    "0.3, 0.4, mul add hard-sigmoid"
  })
  void hardSigmoidOfAnySlopeIsComposed(float alpha, float beta, String types) throws OrtException {
    OnnxModelBuilder model =
        model(9)
            .node("HardSigmoid", List.of("x"), "y", real("alpha", alpha), real("beta", beta))
            .output("y");
    Graph graph = OnnxRuns.requireSame(model, SHAPE);
    assertThat(OnnxRuns.types(graph)).containsExactly(types.split(" "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Relu", "Sigmoid", "Tanh", "Exp", "Neg", "LeakyRelu", "Elu", "Celu", "Identity", "Abs",
        "Floor", "Ceil", "Erf", "Softplus", "Sin", "Cos", "Sign", "Reciprocal", "Softsign", "Round"
      })
  void unaryOpsMatch(String type) throws OrtException {
    OnnxModelBuilder model =
        model(13).node(type, List.of("x"), "z").node("Add", List.of("z", "one"), "y").output("y");
    OnnxRuns.requireSame(model, SHAPE);
  }

  @ParameterizedTest
  @CsvSource({"0, 6, relu6", "0, inf, relu", "-1, 1, max min", "-inf, 2, min", "0.5, inf, max"})
  void clipBecomesTheNearestOp(String low, String high, String types) throws OrtException {
    float min = low.equals("-inf") ? Float.NEGATIVE_INFINITY : Float.parseFloat(low);
    float max = high.equals("inf") ? Float.POSITIVE_INFINITY : Float.parseFloat(high);
    OnnxModelBuilder inputs = model(11).scalar("min", min).scalar("max", max);
    Graph graph =
        OnnxRuns.requireSame(
            inputs.node("Clip", List.of("x", "min", "max"), "y").output("y"), SHAPE);
    assertThat(OnnxRuns.types(graph)).containsExactly(types.split(" "));
    OnnxModelBuilder attributes =
        model(9).node("Clip", List.of("x"), "y", real("min", min), real("max", max)).output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(attributes, SHAPE)))
        .containsExactly(types.split(" "));
  }

  @Test
  void powersBecomeProductsOrKeepTheirOp() throws OrtException {
    OnnxModelBuilder square = model(12).node("Pow", List.of("x", "two"), "y").output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(square, SHAPE))).containsExactly("mul");
    OnnxModelBuilder cube = model(12).node("Pow", List.of("x", "three"), "y").output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(cube, SHAPE))).containsExactly("onnx::Pow");
    OnnxModelBuilder root =
        model(12).node("Exp", List.of("x"), "e").node("Sqrt", List.of("e"), "y").output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(root, SHAPE)))
        .containsExactly("exp", "onnx::Sqrt");
  }

  @Test
  void constantsOfEveryRankAreBroadcastAlongTheirOnnxAxes() throws OrtException {
    int[][] shapes = {{}, {1}, {5}, {3, 5}, {3, 1}, {4, 1, 1}, {1, 4, 1, 1}, {1, 1, 3, 1}, SHAPE};
    for (String type : List.of("Add", "Sub", "Mul", "Div", "Max", "Min")) {
      for (int[] shape : shapes) {
        for (boolean swapped : new boolean[] {false, true}) {
          OnnxModelBuilder model =
              model(13).weights("w", shape).node(type, order("x", "w", swapped), "y").output("y");
          Graph graph = OnnxRuns.requireSame(model, SHAPE);
          assertThat(OnnxRuns.types(graph)).hasSize(1);
        }
      }
    }
  }

  @Test
  void aConstantLargerThanTheInputBroadcastsTheInput() throws OrtException {
    OnnxModelBuilder model =
        new OnnxModelBuilder(13)
            .input("x", 3, 1)
            .weights("w", 2, 3, 5)
            .node("Mul", List.of("x", "w"), "y")
            .output("y");
    OnnxRuns.requireSame(model, 3, 1);
  }

  @Test
  void multiplicationByOneAndAdditionOfZeroVanish() throws OrtException {
    OnnxModelBuilder model =
        model(13)
            .node("Mul", List.of("x", "one"), "m")
            .node("Add", List.of("zero", "m"), "a")
            .node("Relu", List.of("a"), "y")
            .output("y");
    assertThat(OnnxRuns.types(OnnxRuns.requireSame(model, SHAPE))).containsExactly("relu");
  }

  @Test
  void manyOperandsMatch() throws OrtException {
    for (String type : List.of("Sum", "Max", "Min")) {
      List<String> in = new ArrayList<>(List.of("x", "w", "n"));
      OnnxModelBuilder model =
          model(13)
              .weights("w", 4, 1, 1)
              .node("Neg", List.of("x"), "n")
              .node(type, in, "y")
              .output("y");
      OnnxRuns.requireSame(model, SHAPE);
    }
  }

  @Test
  void softmaxFollowsItsOpset() throws OrtException {
    for (int axis = 0; axis < 4; axis++) {
      OnnxModelBuilder flat =
          model(11).node("Softmax", List.of("x"), "y", integer("axis", axis)).output("y");
      OnnxRuns.requireSame(flat, SHAPE);
      OnnxModelBuilder single =
          model(13).node("Softmax", List.of("x"), "y", integer("axis", axis)).output("y");
      assertThat(OnnxRuns.types(OnnxRuns.requireSame(single, SHAPE))).containsExactly("softmax");
    }
  }
}
