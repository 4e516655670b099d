package io.sluice.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.compile.CompiledModel.SubgraphSummary;
import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.Subgraph;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompilerTest {
  private static final DpuTarget B4096 = Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096");
  private static final DpuTarget C20 = Targets.builtIn().byName("DPUCV2DX8G_ISA1_C20B14");

  private final QuantizedNet net = new QuantizedNet("net");

  private CompiledModel compile(DpuTarget target) {
    CompiledModel model = Compiler.compile(net.graph(), target);
    CompiledChecks.check(model);
    return model;
  }

  private static List<String> types(Graph graph) {
    return graph.topologicalOrder().stream()
        .map(Op::type)
        .filter(t -> !t.equals("const-fix"))
        .toList();
  }

  private static List<String> types(CompiledModel model) {
    return types(model.graph());
  }

  private static OpPlacement placement(CompiledModel model, String op) {
    return model.placements().stream().filter(p -> p.name().equals(op)).findFirst().orElseThrow();
  }

  private static List<Device> devices(CompiledModel model) {
    return model.subgraphs().stream().map(SubgraphSummary::device).map(Device::valueOf).toList();
  }

  @Test
  void aConvolutionTakesItsActivationAndItsFix() {
    net.convRelu("c", net.input(1, 8, 8, 3), 16, 3, 1);
    CompiledModel model = compile(B4096);
    assertThat(types(model))
        .containsExactly("data-fix", "upload", "conv2d-fix", "download", "fix2float");
    Op conv = model.graph().op("c");
    assertThat(conv.attrs().getString("nonlinear")).isEqualTo("RELU");
    assertThat(conv.attrs().getInt("channel_augmentation")).isEqualTo(1);
    assertThat(conv.output().attrs().getInt("fix_point")).isEqualTo(4);
    assertThat(conv.input("weights").output().attrs().getInt("fix_point")).isEqualTo(6);
    assertThat(model.graph().outputs().get(0).output().name()).isEqualTo("c_relu_fix");
    assertThat(model.graph().inputs().get(0).output().name()).isEqualTo("input");
    assertThat(model.dpuMacShare()).isEqualTo(1);
    assertThat(devices(model)).containsExactly(Device.USER, Device.DPU, Device.CPU);
  }

  @Test
  void aRoundedConstantThatNothingReadsIsNoResult() {
    net.convRelu("c", net.input(1, 8, 8, 3), 16, 3, 1);
    net.fix(net.constant("unread", 4));
    Graph compiled = compile(B4096).graph();
    assertThat(compiled.outputs())
        .extracting(op -> op.output().name())
        .containsExactly("c_relu_fix");
    assertThat(compiled.has("unread")).isFalse();
  }

  @Test
  void constantsAreRoundedHalfToEvenAndKeepTheirData() {
    Op in = net.input(1, 2, 2, 1);
    net.bareConv("c", "conv2d", in, 4, 1, 1);
    Graph graph = net.graph();
    graph
        .op("c_w")
        .setAttrs(
            graph
                .addConst(
                    "given",
                    TensorData.ofFloats(Shape.of(4, 1, 1, 1), 0.5f / 64, 1.5f / 64, -2.5f / 64, 9f))
                .attrs());
    net.fix(graph.op("c"));
    assertThat(compile(B4096).graph().op("c_w").constData().array()).containsExactly(0, 2, -2, 127);
  }

  @Test
  void everyConvolutionHasItsFixedForm() {
    Op a = net.convRelu("a", net.input(1, 8, 8, 16), 16, 3, 1);
    Op b = net.fix(net.bareConv("b", "depthwise-conv2d", a, 16, 3, 1));
    Op c = net.fix(net.bareConv("c", "transposed-conv2d", b, 8, 2, 2));
    net.fix(net.bareConv("d", "transposed-depthwise-conv2d", c, 8, 2, 2));
    assertThat(types(compile(B4096)))
        .contains(
            "conv2d-fix",
            "depthwise-conv2d-fix",
            "transposed-conv2d-fix",
            "transposed-depthwise-conv2d-fix")
        .doesNotContain("conv2d", "depthwise-conv2d", "transposed-conv2d");
  }

  @Test
  void hardSwishIsFusedWhereTheConvolutionEngineHasIt() {
    Op c = net.conv("c", net.input(1, 8, 8, 16), 16, 3, 1);
    net.fix(net.op("h", "hard-swish", c), 3);
    CompiledModel model = compile(C20);
    assertThat(types(model)).contains("conv2d-fix").doesNotContain("hard-sigmoid-fix");
    Attrs conv = model.graph().op("c").attrs();
    assertThat(conv.getString("nonlinear")).isEqualTo("HSWISH");
    assertThat(conv.getInt("hsigmoid_in")).isEqualTo(4);
    assertThat(conv.getInt("shift_hsigmoid")).isEqualTo(14 + 4 - 7);
    assertThat(conv.getInt("shift_hswish")).isEqualTo(4 + 7 - 3);
    assertThat(conv.getInt("shift_cut")).isEqualTo(4 + 6 - 4);
    assertThat(conv.getInt("shift_bias")).isEqualTo(4 + 6 - 6);
  }

  @Test
  void hardSwishIsAHardSigmoidAndAProductWhereItHasNot() {
    Op c = net.conv("c", net.input(1, 8, 8, 16), 16, 3, 1);
    net.fix(net.op("h", "hard-swish", c), 3);
    CompiledModel model = compile(B4096);
    assertThat(types(model))
        .containsSubsequence("conv2d-fix", "hard-sigmoid-fix", "eltwise-fix", "download");
    Op product = model.graph().op("h");
    assertThat(product.attrs().getString("type")).isEqualTo("MUL");
    assertThat(product.output().attrs().getInt("fix_point")).isEqualTo(3);
    assertThat(product.inputs("input").get(1).output().attrs().getInt("fix_point")).isEqualTo(7);
    assertThat(product.inputs("input").get(1).attrs().getInt("shift_hsigmoid")).isEqualTo(11);
  }

  @Test
  void aSumJoinsItsLastConvolutionAndTakesItsRelu() {
    Op a = net.convRelu("a", net.input(1, 8, 8, 16), 16, 3, 1);
    Op b = net.conv("b", a, 16, 3, 1);
    net.fix(net.op("s_relu", "relu", net.op("s", "add", b, a)));
    CompiledModel model = compile(B4096);
    assertThat(model.graph().op("s").attrs().getString("nonlinear")).isEqualTo("RELU");
    Subgraph dpu = model.graph().root().children().get(1);
    assertThat(dpu.attrs().getStrings("children_topological_sort"))
        .containsExactly("subgraph_a", "subgraph_s");
    Subgraph last = dpu.leafOf(model.graph().op("s"));
    assertThat(last.covers(model.graph().op("b"))).isTrue();
    long conv = 8 * 8 * 16 * (2L * 9 * 16 + 1);
    assertThat(last.attrs().getLong("workload")).isEqualTo(conv + 2 * 8 * 8 * 16);
  }

  @Test
  void aProductThatBroadcastsStaysOnTheCpu() {
    Op x = net.convRelu("a", net.input(1, 8, 8, 16), 16, 3, 1);
    Op squeeze = net.conv("fc", net.global("gap", x), 16, 1, 1);
    Op scaled = net.fix(net.op("m", "mul", x, squeeze));
    net.convRelu("z", scaled, 16, 3, 1);
    CompiledModel model = compile(B4096);
    assertThat(placement(model, "m").device()).isEqualTo(Device.CPU);
    assertThat(placement(model, "m").rule()).isEqualTo("dpu.broadcast");
    assertThat(placement(model, "m").reason()).contains("[1, 8, 8, 16], [1, 1, 1, 16]");
    assertThat(devices(model))
        .containsExactly(Device.USER, Device.DPU, Device.CPU, Device.DPU, Device.CPU);
    assertThat(model.graph().op("m_fix").type()).isEqualTo("float2fix");
    assertThat(model.dpuMacShare()).isEqualTo(1);
  }

  @Test
  void aPoolThatBreaksTheBankRuleGoesToTheCpuAndTakesTheLittleBehindItAlong() {
    Op x = net.convRelu("a", net.input(1, 160, 160, 4), 16, 3, 1);
    Op gap = net.global("gap", x);
    Op squeeze = net.conv("fc", gap, 16, 1, 1);
    net.convRelu("z", net.fix(net.op("m", "mul", x, squeeze)), 16, 3, 1);
    CompiledModel model = compile(B4096);
    assertThat(placement(model, "gap").rule()).isEqualTo("table28.average-pooling.kernel_size");
    assertThat(placement(model, "gap").reason())
        .isEqualTo(
            "ceil(kernel_h / bank_num) * kernel_w <= bank_depth with kernel_h=160, bank_num=8,"
                + " kernel_w=160, bank_depth=2048");
    assertThat(placement(model, "fc").rule()).isEqualTo("partition.border");
    assertThat(devices(model))
        .containsExactly(Device.USER, Device.DPU, Device.CPU, Device.DPU, Device.CPU);
    assertThat(placement(compile(C20), "gap").device()).isEqualTo(Device.DPU);
  }

  @Test
  void groupsAreNamedAsTheReason() {
    Op in = net.input(1, 8, 8, 8);
    Map<String, List<Op>> inputs =
        Map.of("input", List.of(in), "weights", List.of(net.fix(net.constant("w", 8, 1, 1, 4), 6)));
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", new int[] {1, 1})
            .with("stride", new int[] {1, 1})
            .with("pad_mode", "FLOOR")
            .with("group", 2);
    net.fix(net.graph().add("g", "conv2d", attrs, inputs));
    OpPlacement placement = placement(compile(B4096), "g");
    assertThat(placement.device()).isEqualTo(Device.CPU);
    assertThat(placement.rule()).isEqualTo("table30.group");
    assertThat(placement.reason()).contains("group=2", "input_channel=8");
    assertThat(placement.macs()).isEqualTo(8 * 8 * 8 * 4);
  }

  @Test
  void aShiftThatTheHardwareCannotDoKeepsAConvolutionOffTheDpu() {
    Op c = net.bareConv("c", "conv2d", net.input(1, 8, 8, 16), 16, 3, 1);
    net.fix(c, 11);
    OpPlacement placement = placement(compile(B4096), "c");
    assertThat(placement.rule()).isEqualTo("fix.shift_cut");
    assertThat(placement.reason()).isEqualTo("0 <= shift_cut <= 16 with shift_cut=-1");
  }

  @Test
  void aFixAfterAConcatIsRepeatedBeforeIt() {
    Op in = net.input(1, 8, 8, 16);
    Op a = net.op("ra", "relu", net.bareConv("a", "conv2d", in, 16, 1, 1));
    Op b = net.op("rb", "relu", net.bareConv("b", "conv2d", in, 16, 3, 1));
    net.fix(net.concat("cat", a, b));
    CompiledModel model = compile(B4096);
    assertThat(devices(model)).containsExactly(Device.USER, Device.DPU, Device.CPU);
    assertThat(types(model)).containsSubsequence("conv2d-fix", "conv2d-fix", "concat-fix");
    assertThat(placement(model, "cat").device()).isEqualTo(Device.DPU);
  }

  @Test
  void aMaxPoolJoinsTheConvolutionAndNeedsNoFix() {
    Op c = net.convRelu("c", net.input(1, 8, 8, 16), 16, 3, 1);
    net.convRelu("d", net.pool("p", "maxpool2d", c, 2, 2), 16, 3, 1);
    CompiledModel model = compile(B4096);
    Subgraph dpu = model.graph().root().children().get(1);
    assertThat(dpu.leafOf(model.graph().op("p")).name()).isEqualTo("subgraph_c");
  }

  @Test
  void aMaximumAlongTheWidthIsAPoolThatJoinsTheConvolution() {
    Op c = net.convRelu("c", net.input(1, 8, 10, 16), 16, 1, 1);
    Attrs axis = Attrs.EMPTY.with("axis", new int[] {2}).with("keep_dims", false);
    net.graph().add("m", "reduction_max", axis, c);
    CompiledModel model = compile(B4096);
    Op pool = model.graph().op("m");
    assertThat(pool.type()).isEqualTo("pool-fix");
    assertThat(pool.attrs().getInts("kernel")).containsExactly(10, 1);
    assertThat(types(model)).containsSubsequence("conv2d-fix", "pool-fix", "reshape-fix");
    assertThat(model.graph().root().children().get(1).leafOf(pool).name()).isEqualTo("subgraph_c");
  }

  @Test
  void aMaximumOverTheChannelsIsOneOfTheAlu() {
    Op c = net.convRelu("c", net.input(1, 8, 8, 16), 16, 1, 1);
    Attrs axis = Attrs.EMPTY.with("axis", new int[] {-1}).with("keep_dims", true);
    net.convRelu("d", net.graph().add("m", "reduction_max", axis, c), 16, 1, 1);
    assertThat(types(compile(B4096))).contains("reduction_max-fix");
    DpuTarget none = Targets.builtIn().byName("DPUCAHX8H_ISA2_DWC");
    assertThat(placement(compile(none), "m").rule()).isEqualTo("table28.reduction_max.supported");
  }

  @Test
  void zerosAreLoadedAroundAMapButOtherPaddingIsNot() {
    Op c = net.convRelu("c", net.input(1, 8, 8, 16), 16, 1, 1);
    Attrs pads = Attrs.EMPTY.with("paddings", new int[] {0, 0, 1, 1, 1, 1, 0, 0});
    Op zeros = net.graph().add("zeros", "pad", pads.with("mode", "CONSTANT"), c);
    Op mirror = net.graph().add("mirror", "pad", pads.with("mode", "REFLECT"), zeros);
    net.convRelu("d", mirror, 16, 1, 1);
    CompiledModel model = compile(B4096);
    assertThat(types(model)).contains("pad-fix");
    assertThat(placement(model, "mirror").rule()).isEqualTo("table28.pad.type");
  }

  @Test
  void blocksOfPixelsMoveOnTheDpu() {
    Op c = net.convRelu("c", net.input(1, 8, 8, 16), 16, 1, 1);
    Attrs two = Attrs.EMPTY.with("scale", 2);
    Op down = net.graph().add("down", "reorg", two.with("reverse", false), c);
    Op up = net.graph().add("up", "pixel-shuffle", two.with("upscale", true), down);
    Op d = net.convRelu("d", up, 16, 1, 1);
    Attrs tiled = Attrs.EMPTY.with("stride", 2).with("reverse", true);
    net.convRelu("e", net.graph().add("tile", "gstiling", tiled, d), 16, 1, 1);
    CompiledModel model = compile(B4096);
    assertThat(types(model))
        .containsSubsequence(
            "reorg-fix", "pixel-shuffle-fix", "conv2d-fix", "tile-fix", "conv2d-fix");
    assertThat(model.graph().op("up").attrs().getBool("reverse")).isTrue();
  }

  @Test
  void paddingOfSameModeIsSpelledOut() {
    Op in = net.input(1, 7, 7, 8);
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", new int[] {3, 3})
            .with("stride", new int[] {2, 2})
            .with("pad_mode", "SAME");
    net.fix(net.graph().add("p", "maxpool2d", attrs, in));
    CompiledModel model = compile(B4096);
    assertThat(model.graph().op("p").attrs().getInts("pad")).containsExactly(1, 1, 1, 1);
    assertThat(model.graph().op("p").output().shape().toArray()).containsExactly(1, 4, 4, 8);
  }

  @Test
  void aLoneScaleAndBiasBecomesADepthwiseConvolutionOfOnePixel() {
    Op in = net.input(1, 8, 8, 16);
    Op scaled = net.op("m", "mul", in, net.fix(net.constant("k", 16), 6));
    net.fix(net.op("s", "add", scaled, net.fix(net.constant("t", 1), 6)));
    CompiledModel model = compile(B4096);
    Op op = model.graph().op("m");
    assertThat(op.type()).isEqualTo("depthwise-conv2d-fix");
    assertThat(op.input("bias").output().shape().toArray()).containsExactly(16);
    assertThat(types(model)).hasSize(5);
  }

  @Test
  void aLoneReluOrFixIsADepthwiseConvolutionOfOnes() {
    Op in = net.input(1, 8, 8, 16);
    Op pooled = net.fix(net.pool("p", "avgpool2d", in, 2, 2), 5);
    net.fix(net.op("r", "relu", pooled), 3);
    Op op = compile(B4096).graph().op("r");
    assertThat(op.type()).isEqualTo("depthwise-conv2d-fix");
    assertThat(op.input("weights").constData().array()).containsOnly(64);
    assertThat(op.attrs().getString("nonlinear")).isEqualTo("RELU");
  }

  @Test
  void nearestUpsamplingIsMovedAndBilinearConvolves() {
    Op c = net.convRelu("c", net.input(1, 8, 8, 16), 16, 3, 1);
    Op up = net.resize("near", c, "NEAREST", 2);
    net.fix(net.resize("smooth", up, "BILINEAR", 2));
    CompiledModel model = compile(B4096);
    assertThat(types(model))
        .containsSubsequence("upsample-fix", "pad-fix", "transposed-depthwise-conv2d-fix");
    Op smooth = model.graph().op("smooth");
    assertThat(smooth.input().attrs().getString("mode")).isEqualTo("SYMMETRIC");
    assertThat(smooth.input("weights").constData().array()).contains(1, 2, 4).doesNotContain(5);
    assertThat(placement(model, "smooth").device()).isEqualTo(Device.DPU);
  }

  /** DPUCAHX8L has kernels of three times the stride only, and those here are of twice. */
  @Test
  void aBilinearResizeStaysWhereTheTargetHasNotItsConvolution() {
    Op c = net.convRelu("c", net.input(1, 8, 8, 16), 16, 3, 1);
    net.fix(net.resize("smooth", c, "BILINEAR", 2));
    CompiledModel model = compile(Targets.builtIn().byName("DPUCAHX8L_ISA0_SP"));
    assertThat(placement(model, "smooth").device()).isEqualTo(Device.CPU);
    assertThat(placement(model, "smooth").rule())
        .startsWith("table28.depthwise-transposed-conv2d.kernel");
  }

  @Test
  void meansOverHeightAndWidthAreAveragePools() {
    Op c = net.convRelu("c", net.input(1, 6, 4, 16), 16, 3, 1);
    Attrs attrs = Attrs.EMPTY.with("axis", new int[] {1, 2}).with("keep_dims", false);
    net.fix(net.graph().add("mean", "reduction_mean", attrs, c));
    CompiledModel model = compile(B4096);
    assertThat(types(model)).containsSubsequence("conv2d-fix", "pool-fix", "reshape-fix");
    Op pool = model.graph().op("mean");
    assertThat(pool.attrs().getString("type")).isEqualTo("AVG");
    assertThat(pool.attrs().getInts("kernel")).containsExactly(4, 6);
  }

  @Test
  void anInputThatIsReadAsFloatsToo() {
    Op data = net.data("input", 1, 8, 8, 16);
    net.convRelu("c", net.fix(data), 16, 3, 1);
    net.op("e", "exp", data);
    CompiledModel model = compile(B4096);
    assertThat(model.graph().inputs().get(0).type()).isEqualTo("data");
    assertThat(model.graph().op("input_fix").type()).isEqualTo("float2fix");
    assertThat(placement(model, "e").rule()).isEqualTo("dpu.operator");
  }

  @Test
  void compilingDoesNotChangeTheQuantizedGraphAndIsRepeatable() {
    Op a = net.convRelu("a", net.input(1, 8, 8, 16), 16, 3, 1);
    net.fix(net.concat("cat", net.conv("b", a, 8, 1, 1), net.op("r", "relu", a)));
    List<String> before = types(net.graph());
    List<OpPlacement> first = compile(B4096).placements();
    assertThat(types(net.graph())).isEqualTo(before);
    assertThat(compile(B4096).placements()).isEqualTo(first);
  }

  @Test
  void whatIsNotQuantizedIsRefused() {
    net.op("r", "relu", net.data("input", 1, 8, 8, 16));
    assertThatThrownBy(() -> Compiler.compile(net.graph(), B4096))
        .hasMessageContaining("no fix op");
    QuantizedNet other = new QuantizedNet("other");
    other.convRelu("c", other.input(1, 8, 8, 16), 16, 3, 1);
    Graph compiled = Compiler.compile(other.graph(), B4096).graph();
    assertThatThrownBy(() -> Compiler.compile(compiled, B4096))
        .hasMessageContaining("fixed-point ops already");
  }
}
