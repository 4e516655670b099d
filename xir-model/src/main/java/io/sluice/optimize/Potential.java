package io.sluice.optimize;

import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How much a graph still has to be rewritten: a measure that every pass lowers, compared from the
 * first component on.
 *
 * @param weight the sum over all ops of what their form weighs: most for what is only a way to
 *     write something else, least for what a DPU has
 * @param depth the sum over all activations of the length of the longest way from an input
 * @param ops the number of ops
 */
record Potential(long weight, long depth, int ops) implements Comparable<Potential> {
  private static final Comparator<Potential> ORDER =
      Comparator.<Potential>comparingLong(p -> p.weight)
          .thenComparingLong(p -> p.depth)
          .thenComparingInt(p -> p.ops);

  private static final Set<String> WHOLE =
      Set.of("matmul", "inner-product", "reduction_mean", "resize");

  private static final Set<String> NAMED =
      Set.of(
          "avgpool2d",
          "conv2d",
          "depthwise-conv2d",
          "gstiling",
          "l2_normalize",
          LayerNorm.TYPE,
          "maxpool2d",
          "transposed-conv2d",
          "transposed-depthwise-conv2d");

  static Potential of(Graph graph) {
    long weight = 0;
    long depth = 0;
    Map<Op, Integer> depths = new HashMap<>();
    for (Op op : graph.topologicalOrder()) {
      int own = op.allInputs().stream().mapToInt(depths::get).max().orElse(-1) + 1;
      depths.put(op, own);
      weight += weight(op.type());
      depth += Activations.TYPES.contains(op.type()) ? own : 0;
    }
    return new Potential(weight, depth, graph.ops().size());
  }

  private static int weight(String type) {
    if (type.equals("const") || type.startsWith("data")) {
      return 0;
    }
    if (type.equals("identity")) {
      return 1;
    }
    if (Reshapes.TYPES.contains(type)) {
      return 2;
    }
    if (NAMED.contains(type) || Activations.TYPES.contains(type)) {
      return 4;
    }
    return WHOLE.contains(type) ? 16 : 8;
  }

  @Override
  public int compareTo(Potential other) {
    return ORDER.compare(this, other);
  }
}
