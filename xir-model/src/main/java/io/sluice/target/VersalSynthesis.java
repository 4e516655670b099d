package io.sluice.target;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** DPUCVDX8G of ISA 2 and 3: convolutions on AI engines, the rest in programmable logic. */
final class VersalSynthesis extends Synthesis {
  private static final int PIXELS = 8;
  private static final int CHANNELS = 16;
  private static final int WEIGHT_BANKS = 16;
  private static final int BIAS_DEPTH = 1 << 11;

  private static final List<String> TWO_DIMENSIONS =
      List.of(
          "DWCONV",
          "PRELU",
          "AVG_POOL",
          "MAX_POOL",
          "LEAKY_RELU",
          "MAX_REDUCE",
          "DWCONV_NO_BIAS",
          "HSIGMOID");

  private final int outputs = choose(Feature.ARCH, 16, 32, 64);
  private final int imageDepth = 1 << choose(Feature.RAM_DEPTH, 13, 13, 12, 13, 12, 14, 14);
  private final int weightDepth = 1 << choose(Feature.RAM_DEPTH, 14, 13, 13, 12, 12, 14, 13);
  private final int batch = positive(Feature.BATCH);

  VersalSynthesis(Features features) {
    super(features);
  }

  @Override
  DpuTarget target(Fingerprint fingerprint) {
    boolean isa3 = fingerprint.isa() == 3;
    // Of ISA 2 the ALU can be left out or lack the third dimension; of ISA 3 it is complete.
    int mode = isa3 ? 2 : choose(Feature.ALU_MODE, 0, 1, 2);
    BankList banks =
        new BankList()
            .images(positive(Feature.BANK_GROUPS), PIXELS, CHANNELS, imageDepth)
            .parameters("CONVW", WEIGHT_BANKS, CHANNELS, weightDepth);
    if (mode > 0) {
      banks.parameters("DWCONVW", 1, CHANNELS, weightDepth);
    }
    banks.parameters("BIAS", 1, WEIGHT_BANKS, BIAS_DEPTH);
    if (mode > 0) {
      banks.parameters("DWCVBIAS", 1, CHANNELS, BIAS_DEPTH);
    }
    Set<Nonlinear> activations =
        relu(
            when(
                has(Feature.CONV_LEAKY_RELU),
                Nonlinear.LEAKYRELU,
                Nonlinear.HSIGMOID,
                Nonlinear.HSWISH));
    activations.addAll(when(isa3 || has(Feature.CONV_RELU6), Nonlinear.RELU6));
    return new DpuTarget(
        String.format(
            "DPUCVDX8G_ISA%d_C%dB%d_%016X", fingerprint.isa(), outputs, batch, fingerprint.value()),
        fingerprint,
        DpuType.DPUCVDX8G,
        batch,
        new TableColumn("DPUCVDX8G_ISA3_C32B3", Math.min(imageDepth, weightDepth), PIXELS),
        banks.list(),
        conv(CHANNELS, outputs, PIXELS, activations),
        engines(isa3, mode));
  }

  private List<Engine> engines(boolean isa3, int mode) {
    List<Engine> engines = new ArrayList<>();
    engines.add(
        new Engine(
            Engine.Kind.ELTWISE,
            CHANNELS,
            positive(isa3 ? Feature.ALU_PARALLEL : Feature.ELTWISE_PARALLEL),
            isa3 || has(Feature.ELTWISE_MULTIPLY) ? Set.of("ADD", "MULT") : Set.of("ADD"),
            null,
            null,
            null,
            Set.of(Nonlinear.RELU)));
    if (mode > 0) {
      Set<String> types = new LinkedHashSet<>(TWO_DIMENSIONS);
      if (mode == 2) {
        types.add("W16B0");
      }
      Set<Nonlinear> activations = relu(when(has(Feature.DWCONV_LEAKY_RELU), Nonlinear.LEAKYRELU));
      activations.add(Nonlinear.RELU6);
      engines.add(
          new Engine(
              Engine.Kind.ALU,
              CHANNELS,
              positive(Feature.ALU_PARALLEL),
              types,
              IntRanges.parse("1-256"),
              IntRanges.parse(mode == 2 ? "1-256" : "1-8"),
              aluPad(),
              activations));
    }
    engines.addAll(save(CHANNELS));
    return engines;
  }
}
