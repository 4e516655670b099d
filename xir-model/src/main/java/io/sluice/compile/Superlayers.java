package io.sluice.compile;

import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Groups the ops of a DPU subgraph into superlayers: what the device does in one go between loads
 * and stores. A convolution takes a max pool or a sum that alone reads it; of several convolutions
 * a sum joins the one that the fewest ops lead to, so that its result never waits for the longer
 * branch (the guide's Figure 37 has {@code res2a_branch1} with its sum, after the three layers of
 * the other branch). A strided slice that only a sum reads is a way of loading for it. Constants
 * belong to their reader.
 */
final class Superlayers {
  private static final Set<String> CONVOLUTIONS =
      Set.of(
          "conv2d-fix",
          "depthwise-conv2d-fix",
          "transposed-conv2d-fix",
          "transposed-depthwise-conv2d-fix");

  private static final Set<String> COMPUTING =
      Set.of("eltwise-fix", "hard-sigmoid-fix", "pool-fix", "reduction_max-fix");

  /**
   * A superlayer.
   *
   * @param head the op that it is named after: a sum, else the convolution, else the only op
   * @param ops with their constants, in topological order
   */
  record Superlayer(Op head, List<Op> ops) {}

  private Superlayers() {}

  /** Whether an op type computes; the others move or repeat values. */
  static boolean computes(String type) {
    return CONVOLUTIONS.contains(type) || COMPUTING.contains(type);
  }

  /** Whether an op type moves data without code; its addresses do the work. */
  static boolean onlyMoves(String type) {
    return type.equals("reshape-fix") || type.equals("concat-fix");
  }

  /** Whether the device runs no code for a superlayer of this op. */
  static boolean skipsCode(String type) {
    return type.equals("upload") || onlyMoves(type);
  }

  /**
   * @param ops of one DPU subgraph, in topological order
   * @return superlayers, each after those that it reads
   */
  static List<Superlayer> of(List<Op> ops) {
    Map<Op, Integer> order = new HashMap<>();
    ops.forEach(op -> order.put(op, order.size()));
    Map<Op, Op> heads = heads(ops, order);
    // A superlayer takes the place of its last op, when all that it reads is there.
    Map<Op, List<Op>> members = new HashMap<>();
    List<Superlayer> superlayers = new ArrayList<>();
    Map<Op, Op> last = new HashMap<>();
    ops.forEach(op -> last.put(heads.get(op), op));
    for (Op op : ops) {
      if (isConst(op)) {
        continue;
      }
      Op head = heads.get(op);
      List<Op> group = members.computeIfAbsent(head, h -> new ArrayList<>());
      op.allInputs().stream().filter(Superlayers::isConst).forEach(group::add);
      group.add(op);
      if (last.get(head) == op) {
        superlayers.add(new Superlayer(isSum(op) ? op : head, group));
      }
    }
    return superlayers;
  }

  /** The first op of each op's superlayer that computes. */
  private static Map<Op, Op> heads(List<Op> ops, Map<Op, Integer> order) {
    Map<Op, Integer> depths = new HashMap<>();
    Map<Op, Op> heads = new HashMap<>();
    for (Op op : ops) {
      int below =
          op.allInputs().stream().mapToInt(in -> depths.getOrDefault(in, 0)).max().orElse(0);
      depths.put(op, below + 1);
      Op host = hostOf(op, order, depths);
      heads.put(op, host != null && heads.get(host) == host ? host : op);
    }
    for (Op op : ops) {
      List<Op> readers = op.fanOut();
      if (op.type().equals("strided_slice-fix") && readers.size() == 1 && isSum(readers.get(0))) {
        heads.put(op, heads.getOrDefault(readers.get(0), op));
      }
    }
    return heads;
  }

  /** The convolution that an op is fused into, or null. */
  private static Op hostOf(Op op, Map<Op, Integer> order, Map<Op, Integer> depths) {
    boolean pool = op.type().equals("pool-fix") && op.attrs().getString("type").equals("MAX");
    if (!pool && !isSum(op)) {
      return null;
    }
    return op.inputs("input").stream()
        .filter(in -> CONVOLUTIONS.contains(in.type()) && in.fanOut().size() == 1)
        .filter(order::containsKey)
        .min(Comparator.comparing(depths::get).thenComparing(order::get, Comparator.reverseOrder()))
        .orElse(null);
  }

  private static boolean isSum(Op op) {
    return op.type().equals("eltwise-fix") && op.attrs().getString("type", "ADD").equals("ADD");
  }

  private static boolean isConst(Op op) {
    return op.type().equals("const-fix");
  }
}
