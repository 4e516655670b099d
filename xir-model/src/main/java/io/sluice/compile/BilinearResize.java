package io.sluice.compile;

import io.sluice.optimize.DpuPasses;
import io.sluice.optimize.Rewrite;
import io.sluice.target.BrokenLimit;
import io.sluice.target.DpuTarget;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Bilinear resizes of a quantized graph become a pad and a depthwise transposed convolution where
 * the target runs both (the guide's Tables 28 and 29). Whether it does is asked of the lowerings
 * themselves, with the two ops in a graph of their own.
 *
 * <p>The weights are multiples of a power of two of at most 1, so the integers of the convolution
 * are what rounding the interpolated floats gives.
 */
final class BilinearResize {
  private final DpuTarget target;

  BilinearResize(DpuTarget target) {
    this.target = target;
  }

  /** The graph with those resizes rewritten under their names, or the graph itself. */
  Graph apply(Graph graph) {
    // A rewritten graph loses what no output depends on, and every op has to be accounted for.
    if (!Rewrite.outputs(graph).containsAll(graph.outputs())) {
      return graph;
    }
    FixPositions positions = new FixPositions();
    Set<String> found = new HashSet<>();
    for (Op op : graph.ops()) {
      Op fix = Tail.soleReader(op);
      OptionalInt position =
          isBilinear(op) && !Taken.is(op) ? positions.of(op.input()) : OptionalInt.empty();
      if (position.isPresent()
          && !FixPositions.isConst(op.input())
          && fix != null
          && FixPositions.isFix(fix)
          && refusal(op, position.getAsInt(), fix.attrs().getInt("fix_point")) == null) {
        found.add(op.name());
      }
    }
    return found.isEmpty() ? graph : rewritten(graph, found);
  }

  /**
   * Why the target does not run a resize in this form.
   *
   * @param from the position of its input
   * @param to the position of its result
   * @return null if it does
   */
  BrokenLimit refusal(Op resize, int from, int to) {
    if (!OperatorChecker.isWhole(resize)) {
      return OperatorChecker.otherResize(resize);
    }
    Graph graph = new Graph("resize", resize.graph().library());
    Attrs shape =
        Attrs.EMPTY
            .with("shape", resize.input().output().shape().toArray())
            .with("data_type", "FLOAT32");
    Op in = graph.add("x", "fix", GraphWriter.fix(from), graph.add("data", "data", shape));
    String name = "resize";
    int factor = resize.output().shape().dim(1) / resize.input().output().shape().dim(1);
    Attrs scaled = resize.attrs().with("scale", AttrValue.ofFloats(factor, factor));
    Op alone = graph.add(name, resize.type(), scaled, in);
    graph.add("y", "fix", GraphWriter.fix(to), alone);
    Graph split = rewritten(graph, Set.of(name));
    Lowerings lowerings = new Lowerings(target, new FixPositions());
    Op conv = split.op(name);
    for (Op op : List.of(conv.input(), conv)) {
      BrokenLimit refusal = lowerings.lower(op).refusal();
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  static boolean isBilinear(Op op) {
    return op.type().equals("resize") && op.attrs().getString("mode").equals("BILINEAR");
  }

  private static Graph rewritten(Graph graph, Set<String> names) {
    Graph split = DpuPasses.convolveResizes(graph, op -> names.contains(op.name()));
    for (String name : names) {
      Op conv = split.op(name);
      if (conv.type().equals("transposed-depthwise-conv2d")) {
        Op weights = conv.input("weights");
        Attrs fix = GraphWriter.fix(position(weights)).with("round_mode", "PY3_ROUND");
        split.replaceUses(weights, split.add(weights.name() + "_fix", "fix", fix, weights));
      }
    }
    return split;
  }

  /** The least position on whose grid all weights lie. */
  private static int position(Op weights) {
    float[] values = weights.constData().toFloats();
    int position = 0;
    for (float value : values) {
      while (Math.scalb(value, position) != Math.rint(Math.scalb(value, position))) {
        position++;
      }
    }
    return position;
  }
}
