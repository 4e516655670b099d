package io.sluice.compile;

import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A quantized graph as nodes: what the DPU can run, lowered, and every other op by itself, those
 * that plugins took among them. A {@code fix} that changes nothing, because its input lies on the
 * same grid already, is no node; its value is that of its input.
 */
final class NodeGraph {
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Op, Node> producers = new HashMap<>();
  private final Map<Op, Op> values = new HashMap<>();
  private final Map<Op, Attempt> attempts = new LinkedHashMap<>();
  private final FixPositions positions = new FixPositions();

  /**
   * @param kept ops that stay on the CPU although the DPU could run them
   */
  NodeGraph(Graph graph, Lowerings lowerings, Set<Op> kept) {
    Set<Op> covered = new HashSet<>();
    for (Op op : graph.topologicalOrder()) {
      if (FixPositions.isConst(op) || covered.contains(op)) {
        continue;
      }
      if (isInput(op)) {
        List<Op> fixes = entryFixes(op);
        fixes.forEach(fix -> values.put(fix, op));
        covered.addAll(fixes);
        add(Node.user(op, fixes));
      } else if (Taken.is(op)) {
        add(Node.plugin(op, Taken.part(op)));
      } else if (isIdentity(op)) {
        values.put(op, value(op.input()));
      } else {
        Attempt attempt = lowerings.lower(op);
        attempts.put(op, attempt);
        boolean dpu = attempt.lowered() && !kept.contains(op);
        covered.addAll(dpu ? attempt.covers() : List.of());
        add(dpu ? Node.dpu(attempt) : Node.cpu(op));
      }
    }
    for (Op output : graph.outputs()) {
      if (FixPositions.isConst(output)) {
        continue; // a constant that nothing reads, rounded or not, is no result
      }
      Node producer = producers.get(value(output));
      boolean asFloats = isHost(producer) && producer.result() == output;
      if (!asFloats) {
        Node exit = Node.exit(output);
        nodes.add(exit);
        exit.read(producer);
      }
    }
  }

  private static boolean isHost(Node node) {
    return node.device() == Device.CPU || node.device() == Device.PLUGIN;
  }

  static boolean isInput(Op op) {
    return op.type().equals("data") || op.type().equals("data-fix");
  }

  /** The fixes of an input, if only those read it, all at one position. */
  private static List<Op> entryFixes(Op data) {
    List<Op> readers = data.fanOut();
    boolean fixed =
        !readers.isEmpty()
            && readers.stream().allMatch(r -> FixPositions.isFix(r) && !Taken.is(r))
            && readers.stream().map(r -> r.attrs().getInt("fix_point")).distinct().count() == 1;
    return fixed ? readers : List.of();
  }

  private boolean isIdentity(Op op) {
    return FixPositions.isFix(op)
        && positions.of(op.input()).isPresent()
        && positions.of(op.input()).equals(positions.of(op));
  }

  private void add(Node node) {
    nodes.add(node);
    producers.put(node.result(), node);
    if (node.device() == Device.DPU) {
      for (Step step : node.steps()) {
        for (Step.Operand operand : step.inputs()) {
          if (operand.value() != null) {
            node.read(producers.get(value(operand.value())));
          }
        }
      }
    } else if (isHost(node)) {
      for (Op in : node.result().allInputs()) {
        if (!FixPositions.isConst(in)) {
          node.read(producers.get(value(in)));
        }
      }
    }
  }

  /** In topological order. */
  List<Node> nodes() {
    return nodes;
  }

  /** The op that makes the value that an op has. */
  Op value(Op op) {
    return values.getOrDefault(op, op);
  }

  /** The node that makes the value that an op has. */
  Node producer(Op op) {
    return producers.get(value(op));
  }

  /** What came of trying to lower an op; null for one that was covered, constant or an input. */
  Attempt attempt(Op op) {
    return attempts.get(op);
  }

  /** The fix position of an op's value; only asked where it has one. */
  int position(Op op) {
    return positions.of(op).orElseThrow();
  }

  FixPositions positions() {
    return positions;
  }
}
