package io.sluice.zoo;

import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import java.util.List;

/** A target of each DPU family: the columns of the guide's Table 28. */
final class Families {
  /** Table 28 says so. */
  static final String WITHOUT_DEPTHWISE = "DPUCADF8H_ISA0";

  private static final List<String> NAMES =
      List.of(
          "DPUCZDX8G_ISA1_B4096",
          "DPUCAHX8L_ISA0",
          "DPUCVDX8G_ISA3_C32B3",
          "DPUCAHX8H_ISA2_DWC",
          WITHOUT_DEPTHWISE,
          "DPUCVDX8H_ISA1_F2W4_4PE",
          "DPUCV2DX8G_ISA1_C20B1");

  private Families() {}

  static List<DpuTarget> targets() {
    return NAMES.stream().map(Targets.builtIn()::byName).toList();
  }
}
