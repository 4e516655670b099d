package io.sluice.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetCheckerTest {
  private final TargetChecker b4096 =
      TargetChecker.of(Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096"));
  private final TargetChecker c20 =
      TargetChecker.of(Targets.builtIn().byName("DPUCV2DX8G_ISA1_C20B14"));

  private static Map<String, Integer> window(int kernelW, int kernelH, int stride, int channels) {
    Map<String, Integer> v = new HashMap<>();
    v.put("kernel_w", kernelW);
    v.put("kernel_h", kernelH);
    v.put("stride_w", stride);
    v.put("stride_h", stride);
    v.put("dilation_w", 1);
    v.put("dilation_h", 1);
    v.put("dilation", 1);
    for (String pad : new String[] {"left", "right", "top", "bottom"}) {
      v.put("pad_" + pad, 0);
    }
    v.put("input_channel", channels);
    v.put("output_channel", channels);
    v.put("group", 1);
    return v;
  }

  @ParameterizedTest
  @CsvSource({
    "16, 16, 8, 128, ''",
    "17, 1, 1, 16, kernel_w",
    "1, 1, 9, 16, stride_w",
    "1, 1, 1, 4096, ''",
    "1, 1, 1, 4097, dilation",
    "16, 16, 1, 129, in_size",
  })
  void convolutionsHoldTheLimitsOfTheB4096(int w, int h, int stride, int channels, String broken) {
    assertThat(
            b4096.check("conv2d", window(w, h, stride, channels)).map(BrokenLimit::rule).orElse(""))
        .isEqualTo(broken.isEmpty() ? "" : "table28.conv2d." + broken);
  }

  @Test
  void convolutionKernelOfTheC20HoldsTheWeightBankRule() {
    assertThat(c20.check("conv2d", window(7, 7, 1, 32))).isEmpty();
    BrokenLimit broken = c20.check("conv2d", window(8, 7, 1, 32)).orElseThrow();
    assertThat(broken.rule()).isEqualTo("table28.conv2d.kernel_size");
    assertThat(broken.reason())
        .isEqualTo("256 * kernel_h * kernel_w <= 13760 with kernel_h=7, kernel_w=8");
  }

  @ParameterizedTest
  @CsvSource({"64, 256, true", "65, 256, false", "128, 128, true", "160, 160, false"})
  void poolsHoldTheBankRule(int h, int w, boolean fits) {
    assertThat(b4096.check("average-pooling", window(w, h, 1, 16)).isEmpty()).isEqualTo(fits);
  }

  @Test
  void depthwiseConvolutionOfTheC20HoldsItsInputRule() {
    Map<String, Integer> v = window(5, 5, 1, 64);
    v.put("group", 64);
    assertThat(c20.check("depthwise-conv2d", v)).isEmpty();
    v.put("stride_w", 17);
    assertThat(c20.check("depthwise-conv2d", v).orElseThrow().rule())
        .isEqualTo("table28.depthwise-conv2d.in_size");
  }

  @Test
  void leakyReluAfterDepthwiseIsOffByDefaultOnTheB4096() {
    assertThat(b4096.fuses("depthwise-conv2d", Nonlinear.LEAKYRELU)).isFalse();
    assertThat(c20.fuses("depthwise-conv2d", Nonlinear.LEAKYRELU)).isTrue();
    assertThat(b4096.fuses("conv2d", Nonlinear.LEAKYRELU)).isTrue();
  }

  @Test
  void whatTheTableDoesNotSupportIsNamed() {
    assertThat(b4096.check("conv3d", Map.of()).orElseThrow().rule())
        .isEqualTo("table28.conv3d.supported");
  }

  @Test
  void allBrokenLimitsAreNamedThoseOfTheTableFirst() {
    assertThat(b4096.broken("conv2d", window(17, 1, 9, 16)))
        .extracting(BrokenLimit::rule)
        .containsExactly(
            "table28.conv2d.kernel_w",
            "table28.conv2d.stride_w",
            "table28.conv2d.stride_h",
            "target.conv.kernel_w",
            "target.conv.stride_w",
            "target.conv.stride_h");
  }

  @ParameterizedTest
  @CsvSource({
    "DPUCAHX8H_ISA2, depthwise-conv2d, target.depthwise-conv2d",
    "DPUCAHX8H_ISA2_DWC, depthwise-conv2d, ''",
    "DPUCADF8H_ISA0, depthwise-conv2d, table28.depthwise-conv2d.supported",
    "DPUCAHX8L_ISA0, depthwise-conv2d, ''",
    "DPUCAHX8H_ISA2_DWC, eltwise.PROD, table28.eltwise.type",
    "DPUCVDX8H_ISA1_F2W4_4PE, eltwise.PROD, ''",
    "DPUCVDX8H_ISA1_F2W2_8PE, eltwise.PROD, target.eltwise.PROD",
    "DPUCVDX8H_ISA1_F2W2_8PE, depthwise-conv2d, target.depthwise-conv2d",
    "DPUCVDX8H_ISA1_F2W4_4PE, hard-sigmoid, target.hard-sigmoid",
    "DPUCZDX8G_ISA1_B512, hard-sigmoid, ''",
    "DPUCV2DX8G_ISA1_C20B14, hard-sigmoid, ''",
    "AMD_AIE2_4x5_Overlay, conv2d, table28.family",
    "DPUCZDI4G_ISA0_B4096_DEMO_SSD, conv2d, table28.family",
  })
  void whatATargetLacksIsNamed(String target, String operator, String rule) {
    Map<String, Integer> values = window(3, 3, 1, 32);
    values.put("inputs", 2);
    values.put("group", operator.equals("depthwise-conv2d") ? 32 : 1);
    TargetChecker checker = TargetChecker.of(Targets.builtIn().byName(target));
    assertThat(checker.check(operator, values).map(BrokenLimit::rule).orElse("")).isEqualTo(rule);
  }

  @Test
  void aLimitOfTheDescriptionHoldsWhereTheTableAllowsMore() {
    TargetChecker pool = TargetChecker.of(Targets.builtIn().byName("DPUCVDX8H_ISA1_F2W2_8PE"));
    Map<String, Integer> values = window(5, 5, 1, 32);
    assertThat(pool.check("max-pooling", values).orElseThrow())
        .isEqualTo(
            new BrokenLimit("target.pool.kernel_w", "kernel_w in {1-3,7}", Map.of("kernel_w", 5)));
  }

  @Test
  void leakyReluAfterDepthwiseIsThereWhereTheFeatureBitSaysSo() {
    Features b4096 = Features.of(Fingerprint.parse("0x0101000056010407")).orElseThrow();
    Map<Feature, Integer> values = new HashMap<>(b4096.values());
    values.put(Feature.DWCONV_LEAKY_RELU, 1);
    Features leaky = new Features(b4096.type(), b4096.isa(), values, b4096.undecoded());
    TargetChecker checker = TargetChecker.of(Targets.builtIn().byFingerprint(leaky.fingerprint()));
    assertThat(checker.fuses("depthwise-conv2d", Nonlinear.LEAKYRELU)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 <= a <= 3 | true",
        "a in {1, 3, 5} | false",
        "a in {1, 2} | true",
        "ceil(a / b) * b == 7 | true",
        "(a - 1) * min(a, b) + 1 <= 1 + 1 | false",
        "a - 1 - 1 == 0 | true",
        "7 <= b < 7 | false",
      })
  void rulesReadAsTheGuidePrintsThem(String line) {
    String[] parts = line.split(" \\| ");
    assertThat(Rule.parse(parts[0]).holds(Map.of("a", 2, "b", 7)))
        .isEqualTo(Boolean.parseBoolean(parts[1]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "a <", "a <= 1 )", "a ~ 1", "ceil(a <= 1", "max(a, 1) <= 2", "a in 1"})
  void textsThatAreNoRulesAreRefused(String text) {
    assertThatThrownBy(() -> Rule.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRuleWithoutItsVariableIsAFault() {
    assertThatThrownBy(() -> b4096.check("conv2d", Map.of())).hasMessageContaining("kernel_w");
  }
}
