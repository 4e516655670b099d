package io.sluice.dpu.exact;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Average pools next to the boundaries of their averages. */
final class PoolBoundaries {
  private PoolBoundaries() {}

  static void each(Consumer<BoundaryCases.Aimed> consumer) {
    for (int kernel : new int[] {2, 3, 4, 5, 6, 7, 8, 11, 14, 16, 40, 80, 160}) {
      for (int shift : new int[] {-3, 0, 2}) {
        consumer.accept(average(kernel, shift));
      }
    }
  }

  /** Windows whose sums times N are next to the boundaries. */
  private static BoundaryCases.Aimed average(int kernel, int shift) {
    AverageFactor factor = AverageFactor.of(kernel, kernel);
    int area = kernel * kernel;
    List<Long> sums = new ArrayList<>();
    int stride = kernel > 20 ? 16 : 1;
    for (int step = -129; step <= 128; step += stride) {
      long boundary = (2L * step + 1) << (factor.shift() + shift + 3);
      for (int off = -2; off <= 2; off++) {
        long sum = Math.floorDiv(boundary, 16L * factor.multiplier()) + off;
        if (Math.abs(sum) <= 127L * area) {
          sums.add(sum);
        }
      }
    }
    FixGraph g = new FixGraph();
    Op in = g.input(4 + shift, 1, kernel, kernel * sums.size(), 1);
    g.add(
        "pool-fix",
        4,
        Attrs.EMPTY
            .with("kernel", new int[] {kernel, kernel})
            .with("stride", new int[] {kernel, kernel})
            .with("type", "AVG"),
        in);
    byte[] x = new byte[area * sums.size()];
    for (int w = 0; w < sums.size(); w++) {
      long rest = sums.get(w);
      for (int i = 0; i < area; i++) {
        long part = Math.max(-127, Math.min(127, rest));
        x[i / kernel * kernel * sums.size() + w * kernel + i % kernel] = (byte) part;
        rest -= part;
      }
    }
    String aim = String.format("average over %d x %d, shift %d", kernel, kernel, shift);
    return BoundaryCases.aimed(aim, g, Map.of(in, x));
  }
}
