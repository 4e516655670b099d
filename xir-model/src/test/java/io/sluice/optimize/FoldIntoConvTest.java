package io.sluice.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FoldIntoConvTest {
  private final Net net = new Net();
  private final Op x = net.input(1, 5, 5, 3);
  private final Pass pass = new FoldIntoConv();

  private Graph after(Op y) {
    return Checks.after(pass, net.returning(y));
  }

  @Test
  void batchNormGoesIntoWeightsAndBiasWhateverThePadding() {
    assertThat(Checks.types(after(net.batchNorm(net.conv(x, 4, 3))))).containsExactly("conv2d");
    assertThat(Checks.types(after(net.batchNorm(net.depthwise(x, 3)))))
        .containsExactly("depthwise-conv2d");
  }

  @Test
  void batchNormGoesIntoATransposedConvolution() {
    Op weights = net.random(4, 2, 2, 3);
    Op conv = net.with("transposed-conv2d", Net.window(2, 2, 0), x, Map.of("weights", weights));
    assertThat(Checks.types(after(net.batchNorm(conv)))).containsExactly("transposed-conv2d");
  }

  @Test
  void aChainOfConstantFactorsAndTermsGoesIn() {
    Op conv = net.conv(x, 4, 3);
    Op scaled = net.op("div", net.op("mul", net.random(4), conv), net.scalar(3));
    Op shifted = net.op("sub", net.op("add", scaled, net.scalar(2)), net.random(1, 1, 1, 4));
    assertThat(Checks.types(after(shifted))).containsExactly("conv2d");
  }

  @Test
  void aConvolutionThatIsReadElsewhereOrIsAnOutputKeepsItsValues() {
    Op conv = net.conv(x, 4, 3);
    Checks.untouched(pass, net.returning(net.batchNorm(conv), net.opaque(conv)));
    Checks.untouched(pass, net.returning(net.batchNorm(conv), conv));
  }

  @Test
  void weightsThatTwoConvolutionsShareAreFoldedForEach() {
    Op weights = net.random(4, 1, 1, 3);
    Op one = net.with("conv2d", Net.window(1, 1, 0), x, Map.of("weights", weights));
    Op two = net.with("conv2d", Net.window(1, 2, 0), x, Map.of("weights", weights));
    Graph graph = net.returning(net.batchNorm(one), net.opaque(two));
    assertThat(Checks.types(Checks.after(pass, graph))).containsOnly("conv2d", "tanh");
  }

  @Test
  void aDivisionByZeroIsLeftToTheRuntime() {
    Checks.untouched(pass, net.returning(net.op("div", net.conv(x, 4, 1), net.scalar(0))));
  }

  @Test
  void theThreeOfAHardSigmoidIsNotFoldedBeforeItIsRecognised() {
    Op shifted = net.op("add", net.conv(x, 4, 1), net.scalar(3));
    Op y = net.op("div", net.op("relu6", shifted), net.scalar(6));
    Graph after = Checks.after(PassOrder.of(FloatPasses.all()), net.returning(y));
    assertThat(Checks.types(after)).containsExactly("conv2d", "hard-sigmoid");
  }
}
