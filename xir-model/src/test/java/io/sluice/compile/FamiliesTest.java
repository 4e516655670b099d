package io.sluice.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.target.Targets;
import io.sluice.xir.Op;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One network of everything that the families differ in, for a target of each. */
class FamiliesTest {
  /** What stays on the CPU of the ops that compute, with the rule. */
  private static Map<String, String> onCpu(String target) {
    QuantizedNet net = new QuantizedNet("net");
    Op stem = net.convRelu("stem", net.input(1, 28, 28, 3), 32, 3, 1);
    Op depthwise = net.fix(net.bareConv("depthwise", "depthwise-conv2d", stem, 32, 3, 1));
    Op wide = net.fix(net.bareConv("wide", "depthwise-conv2d", depthwise, 32, 9, 1));
    Op pool3 = net.fix(net.pool("pool3", "maxpool2d", wide, 3, 2));
    Op swish = net.fix(net.op("swish", "hard-swish", net.conv("body", pool3, 32, 3, 1)), 3);
    Op sum = net.fix(net.op("sum", "add", swish, pool3));
    Op product = net.fix(net.op("product", "mul", sum, swish));
    Op six = net.fix(net.op("six", "relu6", net.bareConv("conv6", "conv2d", product, 32, 3, 1)));
    Op up = net.resize("up", six, "NEAREST", 2);
    Op joined = net.convRelu("last", up, 64, 16, 8);
    net.global("global", joined);
    CompiledModel model = Compiler.compile(net.graph(), Targets.builtIn().byName(target));
    CompiledChecks.check(model);
    Map<String, String> cpu = new TreeMap<>();
    for (OpPlacement p : model.placements()) {
      if (p.device() == Device.CPU && !p.type().equals("fix")) {
        cpu.put(p.name(), p.rule());
      }
    }
    return cpu;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DPUCZDX8G_ISA1_B4096 | ''
          DPUCVDX8G_ISA3_C32B3 | 'last=table28.conv2d.kernel_size last_relu=fix.input'
          DPUCV2DX8G_ISA1_C20B1 | 'last=table28.conv2d.kernel_size last_relu=fix.input'
          DPUCAHX8L_ISA0 | 'global=table28.average-pooling.kernel_w last=table28.conv2d.stride_w last_relu=fix.input product=table28.eltwise.type sum=partition.border swish=target.hard-sigmoid wide=table28.depthwise-conv2d.kernel_w'
          DPUCAHX8H_ISA2_DWC | 'last=table28.conv2d.stride_w last_relu=fix.input product=table28.eltwise.type sum=partition.border swish=target.hard-sigmoid wide=table28.depthwise-conv2d.kernel_w'
          DPUCAHX8H_ISA2 | 'depthwise=target.depthwise-conv2d last=table28.conv2d.stride_w last_relu=fix.input product=table28.eltwise.type sum=partition.border swish=target.hard-sigmoid wide=table28.depthwise-conv2d.kernel_w'
          DPUCADF8H_ISA0 | 'conv6=target.activation depthwise=table28.depthwise-conv2d.supported product=table28.eltwise.type six=fix.input sum=partition.border swish=target.hard-sigmoid wide=table28.depthwise-conv2d.supported'
          DPUCVDX8H_ISA1_F2W4_4PE | 'last=table28.conv2d.stride_w last_relu=fix.input wide=table28.depthwise-conv2d.kernel_w'
          """)
  void familiesLeaveToTheCpuWhatTheirLimitsSay(String target, String expected) {
    String rules =
        onCpu(target).entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(" "));
    assertThat(rules).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AMD_AIE2_5x4_Overlay", "DPUCZDI4G_ISA0_B8192D8_DEMO_SSD"})
  void familiesWithoutLimitsInTheGuideRunEverythingOnTheCpu(String target) {
    assertThat(onCpu(target)).hasSizeGreaterThan(10).containsValue("table28.family");
  }

  /** What AMD's compiler wrote into its own form of the network for this target. */
  @Test
  void workloadOnArchIsThatOfAmdsFormForTheVck5000() {
    CompiledModel model =
        Compiler.compile(
            CustomOpNetwork.graph(), Targets.builtIn().byName("DPUCVDX8H_ISA1_F2W4_4PE"));
    CompiledChecks.check(model);
    assertThat(model.graph().root().attrs().getLong("workload")).isEqualTo(28_885_386);
    assertThat(model.graph().root().attrs().getLong("workload_on_arch")).isEqualTo(279_830_528);
  }

  @Test
  void everyListedTargetCompilesIt() {
    Targets.builtIn().all().forEach(target -> onCpu(target.name()));
  }
}
