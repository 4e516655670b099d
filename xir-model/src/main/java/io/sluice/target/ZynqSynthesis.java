package io.sluice.target;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * DPUCZDX8G: of ISA 0 with engines for pooling and depthwise convolutions, of ISA 1 with an ALU.
 */
final class ZynqSynthesis extends Synthesis {
  private static final int DEPTH = 2048;
  private static final Set<String> ALU_TYPES =
      Set.of(
          "DWCONV",
          "PRELU",
          "AVG_POOL",
          "MAX_POOL",
          "LEAKY_RELU",
          "MAX_REDUCE",
          "DWCONV_NO_BIAS",
          "HSIGMOID",
          "W16B0");

  private final int pixels = choose(Feature.ARCH, 4, 4, 8, 4, 8, 8, 8, 8, 4, 2, 2, 2);
  private final int channels = choose(Feature.ARCH, 8, 10, 8, 12, 10, 12, 14, 16, 4, 6, 8, 4);

  ZynqSynthesis(Features features) {
    super(features);
  }

  @Override
  DpuTarget target(Fingerprint fingerprint) {
    boolean alu = fingerprint.isa() == 1;
    BankList banks =
        new BankList()
            .images(positive(Feature.BANK_GROUPS), pixels, channels, DEPTH)
            .parameters("CONVW", channels, channels, DEPTH);
    if (alu || has(Feature.DWCONV_PARALLEL)) {
      banks.parameters("DWCONVW", 1, channels, DEPTH);
    }
    banks.parameters("BIAS", 1, channels, DEPTH);
    Set<Nonlinear> activations = EnumSet.of(Nonlinear.RELU);
    activations.addAll(when(has(Feature.CONV_LEAKY_RELU), Nonlinear.LEAKYRELU));
    activations.addAll(when(alu || has(Feature.CONV_RELU6), Nonlinear.RELU6));
    ConvEngine conv = conv(channels, channels, pixels, activations);
    return new DpuTarget(
        String.format(
            "DPUCZDX8G_ISA%d_B%d_%016X",
            fingerprint.isa(), conv.peakOpsPerCycle(), fingerprint.value()),
        fingerprint,
        DpuType.DPUCZDX8G,
        1,
        new TableColumn("DPUCZDX8G_ISA1_B4096", DEPTH, pixels),
        banks.list(),
        conv,
        alu ? aluEngines() : separateEngines());
  }

  private List<Engine> aluEngines() {
    int rows = positive(Feature.ALU_PARALLEL);
    List<Engine> engines = new ArrayList<>();
    engines.add(eltwise(rows, true));
    Set<Nonlinear> activations = EnumSet.of(Nonlinear.RELU, Nonlinear.RELU6);
    activations.addAll(when(has(Feature.DWCONV_LEAKY_RELU), Nonlinear.LEAKYRELU));
    IntRanges window = IntRanges.parse("1-256");
    engines.add(
        new Engine(
            Engine.Kind.ALU, channels, rows, ALU_TYPES, window, window, aluPad(), activations));
    engines.addAll(save(channels));
    return engines;
  }

  private List<Engine> separateEngines() {
    List<Engine> engines = new ArrayList<>();
    engines.add(eltwise(positive(Feature.ELTWISE_PARALLEL), has(Feature.ELTWISE_MULTIPLY)));
    int rows = positive(Feature.POOL_PARALLEL);
    engines.add(
        pool(
            rows,
            has(Feature.POOL_DOWNSAMPLE) ? Set.of("MAX", "MAX_REDUCE") : Set.of("MAX"),
            "1-8"));
    if (has(Feature.POOL_AVERAGE)) {
      engines.add(pool(rows, Set.of("AVG"), "2-8"));
    }
    if (has(Feature.DWCONV_PARALLEL)) {
      engines.add(
          new Engine(
              Engine.Kind.DWCONV,
              channels,
              get(Feature.DWCONV_PARALLEL),
              Set.of("DWCONV"),
              IntRanges.parse("1-16"),
              IntRanges.parse("1-8"),
              null,
              relu(when(has(Feature.DWCONV_RELU6), Nonlinear.RELU6))));
    }
    return engines;
  }

  private Engine eltwise(int rows, boolean multiplies) {
    return new Engine(
        Engine.Kind.ELTWISE,
        channels,
        rows,
        multiplies ? Set.of("ADD", "MULT") : Set.of("ADD"),
        null,
        null,
        null,
        Set.of(Nonlinear.RELU));
  }

  private Engine pool(int rows, Set<String> types, String kernel) {
    return new Engine(
        Engine.Kind.POOL,
        channels,
        rows,
        types,
        IntRanges.parse(kernel),
        IntRanges.parse("1-8"),
        null,
        Set.of(Nonlinear.RELU));
  }
}
