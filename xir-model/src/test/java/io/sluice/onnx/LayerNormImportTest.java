package io.sluice.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layer norm is one op, whether a model names it or spells it out. */
class LayerNormImportTest {
  private static final String TYPE = "onnx::LayerNormalization";

  private static OnnxModelBuilder builder() {
    return new OnnxModelBuilder(17)
        .input("x", 2, 3, 8)
        .weights("gamma", 8)
        .weights("beta", 8)
        .output("y");
  }

  private static Op norm(Graph graph) {
    assertThat(OnnxRuns.types(graph)).containsExactly(TYPE);
    return graph.ops().stream().filter(op -> op.type().equals(TYPE)).findFirst().orElseThrow();
  }

  private static List<TensorData> parameters(Op norm) {
    return norm.inputs("input").stream().skip(1).map(Op::constData).toList();
  }

  @Test
  void namedAndSpelledOutBecomeTheSameOp() throws OrtException {
    OnnxModelBuilder named =
        builder()
            .node(
                "LayerNormalization",
                List.of("x", "gamma", "beta"),
                "y",
                OnnxModelBuilder.real("epsilon", 1e-3f));
    OnnxModelBuilder spelled =
        builder()
            .scalar("two", 2)
            .scalar("epsilon", 1e-3f)
            .node("ReduceMean", List.of("x"), "mean", OnnxModelBuilder.ints("axes", -1))
            .node("Sub", List.of("x", "mean"), "centred")
            .node("Pow", List.of("centred", "two"), "squares")
            .node("ReduceMean", List.of("squares"), "variance", OnnxModelBuilder.ints("axes", -1))
            .node("Add", List.of("variance", "epsilon"), "guarded")
            .node("Sqrt", List.of("guarded"), "deviation")
            .node("Div", List.of("centred", "deviation"), "normal")
            .node("Mul", List.of("normal", "gamma"), "scaled")
            .node("Add", List.of("scaled", "beta"), "y");
    Op one = norm(OnnxRuns.requireSame(named, 2, 3, 8));
    Op other = norm(OnnxRuns.requireSame(spelled, 2, 3, 8));
    assertThat(one.attrs()).isEqualTo(other.attrs());
    assertThat(one.def().attrs()).isEqualTo(other.def().attrs());
    assertThat(parameters(one)).isEqualTo(parameters(other)).hasSize(2);
  }

  /** As the last step of a block of a transformer that a scale per channel follows. */
  @Test
  void aNamedOneTakesInWhatFollows() throws OrtException {
    OnnxModelBuilder model =
        builder()
            .weights("layer_scale", 8)
            .node("LayerNormalization", List.of("x", "gamma", "beta"), "normal")
            .node("Mul", List.of("normal", "layer_scale"), "y");
    assertThat(parameters(norm(OnnxRuns.requireSame(model, 2, 3, 8)))).hasSize(2);
  }
}
