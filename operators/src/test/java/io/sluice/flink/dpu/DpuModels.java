package io.sluice.flink.dpu;

import io.sluice.dpu.timing.ModelProfile;
import io.sluice.flink.Clock;
import io.sluice.target.Targets;
import io.sluice.vart.ModelRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Models that only have a time. */
public final class DpuModels {
  public static final String ZCU102_TARGET = "DPUCZDX8G_ISA1_B4096";
  static final String V70_TARGET = "DPUCV2DX8G_ISA1_C20B14";

  private DpuModels() {}

  /** A model of one superlayer whose time is only that of computing. */
  static DpuModel model(String name, String target, double cycles) {
    return model(new ModelRef(name, "0".repeat(64)), target, cycles);
  }

  /** As above, under a reference. */
  public static DpuModel model(ModelRef ref, String target, double cycles) {
    ModelProfile.Superlayer layer = new ModelProfile.Superlayer("layer", 1, cycles, 0, 0, 0, 0);
    return new DpuModel(
        ref,
        new ModelProfile(
            ref.uri(),
            Targets.builtIn().byName(target),
            List.of(new ModelProfile.DpuSubgraph("subgraph", List.of(layer)))),
        null);
  }

  /** A node with models for the widths 4 and 8, the second with twice the cycles. */
  static DpuNode node(String target, int slots) {
    return new DpuNode(
        "net",
        "in",
        "out",
        Map.of(4, model("narrow", target, 1e5), 8, model("wide", target, 2e5)),
        slots);
  }

  /** Virtual time without tensors, and so long without a unit. */
  static DpuSettings settings(Duration unitWait) {
    return DpuSettings.of(Clock.VIRTUAL, Work.TIMING).withBounds(unitWait, Long.MAX_VALUE);
  }
}
