package io.sluice.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.target.BrokenLimit;
import io.sluice.target.Targets;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Subgraph;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ops of graphs that nobody has quantized yet, and of compiled ones. */
class OperatorCheckerTest {
  private final QuantizedNet net = new QuantizedNet("net");

  private static List<BrokenLimit> broken(String target, Op op) {
    return new OperatorChecker(Targets.builtIn().byName(target)).broken(op);
  }

  @Test
  void aFloatConvolutionIsJudgedByItsWindow() {
    Op in = net.data("in", 1, 64, 64, 16);
    Op large = net.bareConv("large", "conv2d", in, 16, 17, 1);
    assertThat(broken("DPUCZDX8G_ISA1_B4096", net.bareConv("c", "conv2d", in, 16, 3, 1))).isEmpty();
    assertThat(broken("DPUCZDX8G_ISA1_B4096", large))
        .first()
        .satisfies(
            limit -> {
              assertThat(limit.rule()).isEqualTo("table28.conv2d.kernel_w");
              assertThat(limit.reason()).isEqualTo("1 <= kernel_w <= 16 with kernel_w=17");
            });
  }

  @Test
  void globalPoolsCountTheWholeMap() {
    Op in = net.data("in", 1, 14, 14, 16);
    Op pool =
        net.graph()
            .add(
                "p",
                "avgpool2d",
                Attrs.EMPTY
                    .with("kernel", new int[] {1, 1})
                    .with("stride", new int[] {1, 1})
                    .with("pad_mode", "FLOOR")
                    .with("global", true),
                in);
    assertThat(broken("DPUCAHX8H_ISA2_DWC", pool))
        .extracting(BrokenLimit::rule)
        .contains("table28.average-pooling.kernel_w", "target.pool.kernel_w");
    assertThat(broken("DPUCZDX8G_ISA1_B4096", pool)).isEmpty();
  }

  @Test
  void bilinearResizeHasItsFactors() {
    Op in = net.data("in", 1, 8, 8, 16);
    assertThat(broken("DPUCZDX8G_ISA1_B4096", net.resize("two", in, "BILINEAR", 2))).isEmpty();
    assertThat(broken("DPUCZDX8G_ISA1_B4096", net.resize("three", in, "BILINEAR", 3)))
        .extracting(BrokenLimit::rule)
        .containsExactly("table30.resize");
    Attrs half =
        Attrs.EMPTY
            .with("mode", "BILINEAR")
            .with("half_pixel_centers", true)
            .with("scale", AttrValue.ofFloats(8, 8));
    assertThat(broken("DPUCZDX8G_ISA1_B4096", net.graph().add("h", "resize", half, in)))
        .isNotEmpty();
  }

  @Test
  void whatTheTableDoesNotKnowIsSaidToBeUnknown() {
    Op in = net.data("in", 1, 8, 8, 16);
    assertThat(broken("DPUCZDX8G_ISA1_B4096", net.op("e", "exp", in)))
        .containsExactly(
            new BrokenLimit("table28.operator", "'exp' is no operator of Table 28", Map.of()));
  }

  @Test
  void opsOfACompiledGraphAreJudgedAlike() {
    Op conv = net.convRelu("c", net.input(1, 16, 16, 16), 16, 3, 1);
    net.global("gap", conv);
    CompiledModel model =
        Compiler.compile(net.graph(), Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096"));
    Subgraph dpu = model.graph().root().children().get(1);
    assertThat(dpu.ops())
        .allSatisfy(op -> assertThat(broken("DPUCZDX8G_ISA1_B4096", op)).isEmpty());
    assertThat(broken("DPUCAHX8L_ISA0", model.graph().op("gap")))
        .extracting(BrokenLimit::rule)
        .contains("table28.average-pooling.kernel_w");
  }
}
