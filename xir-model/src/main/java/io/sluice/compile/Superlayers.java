package io.sluice.compile;

import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Groups the ops of a DPU subgraph into superlayers: what the device does in one go between loads
 * and stores. A convolution takes a max pool or a sum that alone reads it; a sum joins the last of
 * its convolutions, when its other inputs are there. Constants belong to their reader.
 */
final class Superlayers {
  private static final Set<String> CONVOLUTIONS =
      Set.of(
          "conv2d-fix",
          "depthwise-conv2d-fix",
          "transposed-conv2d-fix",
          "transposed-depthwise-conv2d-fix");

  /**
   * A superlayer.
   *
   * @param head the op that it is named after
   * @param ops with their constants, in topological order
   */
  record Superlayer(Op head, List<Op> ops) {}

  private Superlayers() {}

  /** Whether an op type moves data without computing; its addresses do the work. */
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
    Map<Op, Op> heads = new HashMap<>();
    for (Op op : ops) {
      Op host = hostOf(op, order);
      heads.put(op, host != null && heads.get(host) == host ? host : op);
    }
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
        superlayers.add(new Superlayer(head, group));
      }
    }
    return superlayers;
  }

  /** The convolution that an op is fused into, or null. */
  private static Op hostOf(Op op, Map<Op, Integer> order) {
    boolean pool = op.type().equals("pool-fix") && op.attrs().getString("type").equals("MAX");
    boolean sum = op.type().equals("eltwise-fix") && op.attrs().getString("type").equals("ADD");
    if (!pool && !sum) {
      return null;
    }
    Op host = null;
    for (Op in : op.inputs("input")) {
      boolean fits = CONVOLUTIONS.contains(in.type()) && in.fanOut().size() == 1;
      if (fits && (host == null || order.get(in) > order.get(host))) {
        host = in;
      }
    }
    return host;
  }

  private static boolean isConst(Op op) {
    return op.type().equals("const-fix");
  }
}
