package io.sluice.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** DPUCV2DX8G: everything on AI engines; a fixed number of them does all but convolutions. */
final class VersalEdgeSynthesis extends Synthesis {
  private static final int IMAGE_DEPTH = 65528;
  private static final int WEIGHT_BANKS = 4;
  private static final int WEIGHT_DEPTH = 1 << 15;

  private static final Set<Nonlinear> ACTIVATIONS =
      Set.of(
          Nonlinear.RELU,
          Nonlinear.LEAKYRELU,
          Nonlinear.HSIGMOID,
          Nonlinear.HSWISH,
          Nonlinear.RELU6);

  private final int pixels = choose(Feature.ARCH, 1, 1, 1, 2, 4);
  private final int inputs = choose(Feature.ARCH, 16, 16, 32, 32, 32);
  private final int outputs = choose(Feature.ARCH, 16, 32, 32, 32, 32);
  private final int batch = positive(Feature.BATCH);

  VersalEdgeSynthesis(Features features) {
    super(features);
  }

  @Override
  DpuTarget target(Fingerprint fingerprint) {
    int cores = (1 << get(Feature.ARCH)) + get(Feature.ALU_CORES);
    List<Engine> engines = new ArrayList<>();
    // Two AI engines do one row; with fewer there is no ALU.
    if (get(Feature.ALU_CORES) > 1) {
      IntRanges window = IntRanges.parse("1-256");
      engines.add(
          new Engine(
              Engine.Kind.ALU,
              inputs,
              get(Feature.ALU_CORES) / 2,
              Set.of("MACC_TEMP", "COMP_TEMP", "ELEW_ADD", "ELEW_MULT"),
              window,
              window,
              aluPad(),
              ACTIVATIONS));
    }
    engines.addAll(save(inputs));
    return new DpuTarget(
        String.format(
            "DPUCV2DX8G_ISA%d_C%dB%d_%016X", fingerprint.isa(), cores, batch, fingerprint.value()),
        fingerprint,
        DpuType.DPUCV2DX8G,
        batch,
        new TableColumn("DPUCV2DX8G_ISA1_C20B1", IMAGE_DEPTH, 1),
        new BankList()
            .images(1, 1, inputs, IMAGE_DEPTH)
            .parameters("CONVW", WEIGHT_BANKS, inputs / 2, WEIGHT_DEPTH)
            .list(),
        new ConvEngine(
            inputs,
            outputs,
            pixels,
            has(Feature.CHANNEL_AUGMENTATION) ? 2 * inputs : 0,
            IntRanges.parse("1-16"),
            IntRanges.parse("1-16"),
            ACTIVATIONS),
        engines);
  }
}
