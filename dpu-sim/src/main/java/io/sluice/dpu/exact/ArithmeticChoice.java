package io.sluice.dpu.exact;

import io.sluice.xir.Shape;
import java.util.List;

/**
 * Prefers {@link BlockedArithmetic} for what ONNX Runtime holds in its blocked layout: images whose
 * channels fill the blocks, on processors for which it has such a layout.
 */
final class ArithmeticChoice extends FloatArithmetic {
  private static final int BLOCK = 8;

  private final boolean blocks;

  /**
   * @param architecture as the system property {@code os.arch} names it
   */
  ArithmeticChoice(String architecture) {
    this.blocks = architecture.equals("amd64") || architecture.equals("x86_64");
  }

  static ArithmeticChoice ofThisMachine() {
    return new ArithmeticChoice(System.getProperty("os.arch"));
  }

  @Override
  List<FloatArithmetic> forms(Shape output) {
    return blocks && output.rank() == 4 && output.dim(3) % BLOCK == 0
        ? List.of(new MirroredArithmetic(output), new BlockedArithmetic(output), this)
        : List.of(this);
  }
}
