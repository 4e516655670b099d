package io.sluice.dpu.exact;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Sums and products of all pairs of values, and those that leave 2^24. */
final class ElementwiseBoundaries {
  private static final int PAIRS = 1 << 16;

  private ElementwiseBoundaries() {}

  static void each(Consumer<BoundaryCases.Aimed> consumer) {
    for (Activation.Kind kind : Activation.Kind.values()) {
      for (int read : new int[] {0, 1, 5, 15}) {
        for (int write : new int[] {-2, 0, 1, 7}) {
          consumer.accept(pairs("eltwise-fix", "ADD", kind, read, write));
          if (read < 15) {
            consumer.accept(pairs("eltwise-fix", "MUL", kind, read, write));
          }
        }
      }
    }
    for (int read : new int[] {0, 1, 5}) {
      for (int write : new int[] {-2, 0, 1, 7}) {
        consumer.accept(pairs("depthwise-fix", "MUL", Activation.Kind.NONE, read, write));
      }
    }
    for (int write : new int[] {0, 1, 3}) {
      consumer.accept(cancelling(write));
    }
    for (int shift : new int[] {18, 19, 20, 22}) {
      consumer.accept(products(shift));
    }
  }

  private static BoundaryCases.Aimed pairs(
      String op, String type, Activation.Kind kind, int read, int write) {
    byte[] first = new byte[PAIRS];
    byte[] second = new byte[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      first[i] = (byte) i;
      second[i] = (byte) (i >> 8);
    }
    int before = 12 - write;
    int after = kind == Activation.Kind.HSIGMOID ? 7 : before;
    int position = type.equals("ADD") ? 12 : 6;
    FixGraph g = new FixGraph();
    Op a = g.input(position, 1, 256, 256, 1);
    Op b = g.input(position + read, 1, 256, 256, 1);
    Attrs attrs =
        op.equals("depthwise-fix") ? Attrs.EMPTY : FixGraph.nonlinear(kind, before, after);
    g.add(op, after, op.equals("depthwise-fix") ? attrs : attrs.with("type", type), a, b);
    String aim = String.format("%s of all pairs, %s, shifts %d, %d", type, kind, read, write);
    return BoundaryCases.aimed(aim, g, Map.of(a, first, b, second));
  }

  /** Six terms of up to 2^22 steps, a small one, and six that take the first ones back. */
  private static BoundaryCases.Aimed cancelling(int write) {
    FixGraph g = new FixGraph();
    Op[] terms = new Op[13];
    Map<Op, byte[]> values = new HashMap<>();
    for (int i = 0; i < terms.length; i++) {
      boolean small = i == 6;
      terms[i] = g.input(small ? 15 : 0, 1, 1, 256, 1);
      byte[] x = new byte[256];
      for (int v = 0; v < 256; v++) {
        x[v] = (byte) (small ? v : i < 6 ? 127 : -127);
      }
      values.put(terms[i], x);
    }
    g.add("eltwise-fix", 15 - write, Attrs.EMPTY.with("type", "ADD"), terms);
    return BoundaryCases.aimed("sums that leave 2^24 and come back, shift " + write, g, values);
  }

  /** All products of four odd values beyond 2^24 that end within eight steps of a boundary. */
  private static BoundaryCases.Aimed products(int shift) {
    List<int[]> found = new ArrayList<>();
    long half = 1L << (shift - 1);
    for (int a = 1; a < 128; a += 2) {
      for (int b = a; b < 128; b += 2) {
        for (int c = b; c < 128; c += 2) {
          for (int d = c; d < 128; d += 2) {
            long product = (long) a * b * c * d;
            if (product > AccumulatorBound.EXACT && Math.abs(product % (2 * half) - half) <= 8) {
              found.add(new int[] {a, b, c, d});
            }
          }
        }
      }
    }
    FixGraph g = new FixGraph();
    Op[] inputs = new Op[4];
    Map<Op, byte[]> values = new HashMap<>();
    for (int i = 0; i < 4; i++) {
      inputs[i] = g.input(7, 1, 1, found.size(), 1);
      byte[] x = new byte[found.size()];
      for (int n = 0; n < x.length; n++) {
        x[n] = (byte) found.get(n)[i];
      }
      values.put(inputs[i], x);
    }
    g.add("eltwise-fix", 28 - shift, Attrs.EMPTY.with("type", "MUL"), inputs);
    return BoundaryCases.aimed("products beyond 2^24, shift " + shift, g, values);
  }
}
