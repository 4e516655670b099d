package io.sluice.quantize;

import io.sluice.optimize.Rewrite;
import io.sluice.quantize.QuantizableOps.Kind;
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
 * Where a float graph is quantized: the ops that are, the tensors that get a position (its points),
 * and the points that share one.
 *
 * <p>A point is the result of a quantized op after its activation (not a convolution before its
 * relu), and a float tensor that a quantized op reads. An op that is not a convolution is quantized
 * when all it reads is; a move only if a quantized op reads it in turn, so that reshapes between
 * float ops stay float. The graph must not be changed while the plan is used.
 */
public final class QuantizationPlan {
  private final Graph graph;
  private final List<Op> order;
  private final Set<Op> outputs;
  private final Map<Op, Kind> kinds = new HashMap<>();
  private final Set<Op> quantized = new HashSet<>();
  private final Map<Op, Op> fused = new HashMap<>();
  private final Set<Op> fusedActivations = new HashSet<>();

  /** Every point with its parent in the forest of shared positions; a root is its own parent. */
  private final Map<Op, Op> points = new LinkedHashMap<>();

  private final List<Op> observed = new ArrayList<>();

  private QuantizationPlan(Graph graph, Set<String> keepFloat) {
    this.graph = graph;
    this.order = graph.topologicalOrder();
    this.outputs = Rewrite.outputs(graph);
    for (Op op : order) {
      boolean keep = keepFloat.contains(op.name()) || keepFloat.contains(op.type());
      Kind kind = keep ? Kind.FLOAT : QuantizableOps.kind(op);
      kinds.put(op, kind);
      if (kind == Kind.CONVOLUTION || (isComputed(kind) && readsOnlyQuantized(op))) {
        quantized.add(op);
      }
    }
    dropIdleMoves();
    for (Op op : order) {
      findFusion(op);
    }
    for (Op op : order) {
      if (isPoint(op)) {
        points.put(op, op);
        if (isObserved(op)) {
          observed.add(op);
        }
        if (sharesPosition(op)) {
          op.inputs("input").forEach(in -> union(op, in));
        }
      }
    }
  }

  /** The plan of a float graph. */
  public static QuantizationPlan of(Graph graph) {
    return of(graph, Set.of());
  }

  /**
   * The plan of a float graph, some of whose ops stay in float.
   *
   * @param keepFloat their names or types
   */
  public static QuantizationPlan of(Graph graph, Set<String> keepFloat) {
    return new QuantizationPlan(graph, keepFloat);
  }

  private static boolean isComputed(Kind kind) {
    return kind != Kind.FLOAT && kind != Kind.INPUT && kind != Kind.CONSTANT;
  }

  private boolean readsOnlyQuantized(Op op) {
    return op.inputs("input").stream()
        .allMatch(in -> quantized.contains(in) || kinds.get(in) == Kind.INPUT);
  }

  private void dropIdleMoves() {
    for (int i = order.size() - 1; i >= 0; i--) {
      Op op = order.get(i);
      List<Op> readers = op.fanOut();
      if (kinds.get(op) == Kind.MOVE
          && !readers.isEmpty()
          && readers.stream().noneMatch(quantized::contains)) {
        quantized.remove(op);
      }
    }
  }

  private void findFusion(Op op) {
    Kind kind = kinds.get(op);
    if (quantized.contains(op)
        && !outputs.contains(op)
        && (kind == Kind.CONVOLUTION || kind == Kind.ADD || kind == Kind.MUL)
        && op.fanOut().size() == 1) {
      Op reader = op.fanOut().get(0);
      if (kinds.get(reader) == Kind.ACTIVATION) {
        fused.put(op, reader);
        fusedActivations.add(reader);
      }
    }
  }

  private boolean isPoint(Op op) {
    if (quantized.contains(op)) {
      return !fused.containsKey(op);
    }
    return kinds.get(op) != Kind.CONSTANT && op.fanOut().stream().anyMatch(quantized::contains);
  }

  /** Moves, average pools and an activation that is not fused, save leaky-relu. */
  private boolean sharesPosition(Op op) {
    if (!quantized.contains(op)) {
      return false;
    }
    return switch (kinds.get(op)) {
      case MOVE, AVERAGE_POOL -> true;
      case ACTIVATION -> !fusedActivations.contains(op) && !op.type().equals("leaky-relu");
      default -> false;
    };
  }

  private boolean isObserved(Op op) {
    return kinds.get(op) == Kind.AVERAGE_POOL
        || (kinds.get(op) != Kind.HARD_SIGMOID && !sharesPosition(op));
  }

  private void union(Op a, Op b) {
    Op first = root(a);
    Op second = root(b);
    if (first != second) {
      points.put(first, second);
    }
  }

  Graph graph() {
    return graph;
  }

  /** All ops of the graph, each after those that it reads. */
  List<Op> order() {
    return order;
  }

  Kind kind(Op op) {
    return kinds.get(op);
  }

  boolean isQuantized(Op op) {
    return quantized.contains(op);
  }

  /** The op whose tensor is the point of a quantized op: its fused activation, or itself. */
  Op pointOf(Op op) {
    return fused.getOrDefault(op, op);
  }

  /** Whether a relu, relu6 or leaky-relu is computed by the op that it follows. */
  boolean isFusedActivation(Op op) {
    return fusedActivations.contains(op);
  }

  /** The ops whose tensors get a position, in topological order. */
  Set<Op> points() {
    return points.keySet();
  }

  /** The point that stands for all points that share the position of one. */
  Op root(Op point) {
    Op at = point;
    while (points.get(at) != at) {
      at = points.get(at);
    }
    return at;
  }

  /**
   * The ops whose tensors calibration looks at, in topological order. A point that only holds
   * values of another that shares its position is left out, and so is a hard-sigmoid, whose
   * position the hardware sets.
   */
  List<Op> observed() {
    return observed;
  }

  /** The values of an op's tensor that its readers tell apart. */
  Relevant relevant(Op op) {
    return Relevant.of(op, outputs.contains(op));
  }

  /** The number of tensors that calibration looks at. */
  public int observedCount() {
    return observed.size();
  }

  /** The number of ops that are quantized. */
  public int quantizedCount() {
    return quantized.size();
  }
}
