package io.sluice.compile;

import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.List;

/**
 * Marks the ops that plugins took by an attribute with the number of their part, so that the marks
 * follow the ops through the copies of the graph that compiling makes. No step of compiling for the
 * DPU changes a marked op, looks behind it, or covers it.
 */
final class Taken {
  private static final String MARK = "__plugin_part";

  private Taken() {}

  /** A copy of the graph with marks, or the graph itself if nothing was taken. */
  static Graph mark(Graph graph, List<PluginPart> parts) {
    if (parts.isEmpty()) {
      return graph;
    }
    Graph copy = QuantizedGraph.copy(graph);
    for (int i = 0; i < parts.size(); i++) {
      for (String name : parts.get(i).ops()) {
        Op op = copy.op(name);
        op.setAttrs(op.attrs().with(MARK, i));
      }
    }
    return copy;
  }

  static boolean is(Op op) {
    return op.attrs().has(MARK);
  }

  /** The number of the part that an op was taken into. */
  static int part(Op op) {
    return op.attrs().getInt(MARK);
  }

  static Attrs unmarked(Attrs attrs) {
    return attrs.without(MARK);
  }
}
