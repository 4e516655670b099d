package io.sluice.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.SluiceException;
import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import org.junit.jupiter.api.Test;

class GraphExtractTest {
  private static final DpuTarget B4096 = Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096");

  private final QuantizedNet net = new QuantizedNet("net");

  private Graph compile(String options) {
    CompiledModel model =
        Compiler.compile(net.graph(), B4096, CompileOptions.parse(options)).model();
    CompiledChecks.check(model);
    return model.graph();
  }

  @Test
  void theGraphEndsBehindTheFixOfANamedOp() {
    Op a = net.conv("a", net.input(1, 8, 8, 3), 16, 3, 1);
    net.convRelu("b", a, 16, 3, 1);
    Graph graph = compile("{\"output_ops\": \"a\"}");
    assertThat(graph.outputs()).extracting(op -> op.output().name()).containsExactly("a_fix");
    assertThat(graph.has("b")).isFalse();
  }

  @Test
  void anotherInputShapeIsInferredThroughTheGraph() {
    net.convRelu("b", net.input(1, 8, 8, 3), 16, 3, 2);
    Graph graph = compile("{\"input_shape\": \"1,16,12,3\"}");
    assertThat(graph.inputs().get(0).output().shape()).isEqualTo(Shape.of(1, 16, 12, 3));
    assertThat(graph.outputs().get(0).output().shape()).isEqualTo(Shape.of(1, 8, 6, 16));
    assertThat(graph.outputs().get(0).output().name()).isEqualTo("b_relu_fix");
  }

  @Test
  void anUnknownOutputOpIsNamed() {
    net.convRelu("b", net.input(1, 8, 8, 3), 16, 3, 1);
    assertThatThrownBy(() -> compile("{\"output_ops\": \"b,none\"}"))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("XCOM_USER_INVALID_OUTPUT_OPS")
        .hasMessageContaining("'none'")
        .hasMessageContaining("output_ops");
  }

  @Test
  void aShapeIsRefusedWhereACustomOpHidesItsEffect() {
    net.fix(net.custom("m", net.convRelu("b", net.input(1, 8, 8, 3), 16, 3, 1)));
    assertThatThrownBy(() -> compile("{\"input_shape\": \"1,16,16,3\"}"))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("'m'")
        .hasMessageContaining("input_shape");
  }
}
