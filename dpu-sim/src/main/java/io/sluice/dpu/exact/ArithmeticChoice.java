package io.sluice.dpu.exact;

import io.sluice.xir.Shape;
import java.util.List;

/**
 * Prefers {@link QuantizedArithmetic} where {@link ByteArithmetic} does the sums. Else {@link
 * BlockedArithmetic} for what ONNX Runtime holds in its blocked layout: images whose channels fill
 * the blocks, on processors for which it has such a layout.
 */
final class ArithmeticChoice extends FloatArithmetic {
  private static final int BLOCK = 8;

  private final boolean bytes;
  private final boolean blocks;

  /**
   * @param architecture as the system property {@code os.arch} names it
   * @param bytes whether sums are done in bytes
   */
  ArithmeticChoice(String architecture, boolean bytes) {
    this.bytes = bytes;
    this.blocks = architecture.equals("amd64") || architecture.equals("x86_64");
  }

  /**
   * @param bytes whether sums are done in bytes
   */
  static ArithmeticChoice ofThisMachine(boolean bytes) {
    return new ArithmeticChoice(System.getProperty("os.arch"), bytes);
  }

  @Override
  List<FloatArithmetic> forms(Shape output) {
    if (bytes) {
      return List.of(new QuantizedArithmetic(), this);
    }
    return blocks && output.rank() == 4 && output.dim(3) % BLOCK == 0
        ? List.of(new MirroredArithmetic(output), new BlockedArithmetic(output), this)
        : List.of(this);
  }
}
