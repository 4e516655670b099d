package io.sluice.dpu.exact;

import io.sluice.xir.Op;
import java.util.function.DoubleUnaryOperator;

/**
 * Tabulates a float activation between two fix positions. An implementation in float is off by a
 * few units in its last place, and not by the same in every place of a vector. So the table is
 * taken only if no exact result is within {@link #MARGIN} of a boundary between two bytes, which is
 * more than a hundred times what such an implementation can be off.
 */
final class FloatTable {
  /** In steps of the result, which are at most 2^7 from zero where it matters. */
  static final double MARGIN = 1.0 / 512;

  private FloatTable() {}

  /**
   * @param op an activation
   * @param from the fix position of the argument
   * @param to the fix position of the result
   * @return the results for -128, -127 ... 127
   */
  static byte[] of(Op op, int from, int to) throws CpuFunctions.NotAFunction {
    DoubleUnaryOperator function =
        switch (op.type()) {
          case "hard-sigmoid" -> x -> Math.max(0, Math.min(1, x / 6 + 0.5));
          case "sigmoid" -> x -> 1 / (1 + Math.exp(-x));
          case "tanh" -> Math::tanh;
          default -> throw new CpuFunctions.NotAFunction("no table of " + op.type());
        };
    byte[] table = new byte[1 << Byte.SIZE];
    for (int q = Byte.MIN_VALUE; q <= Byte.MAX_VALUE; q++) {
      double y = Math.scalb(function.applyAsDouble(Math.scalb((double) q, -from)), to);
      byte below = saturated(y - MARGIN);
      if (below != saturated(y + MARGIN)) {
        throw new CpuFunctions.NotAFunction(
            "op '" + op.name() + "' of " + q + " is " + y + " steps, next to a boundary");
      }
      table[q - Byte.MIN_VALUE] = below;
    }
    return table;
  }

  private static byte saturated(double y) {
    return (byte) Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, Math.floor(y + 0.5)));
  }
}
